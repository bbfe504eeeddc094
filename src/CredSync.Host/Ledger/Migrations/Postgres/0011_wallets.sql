-- Learners' wallets: programs that registered, codes by which a learner claims, what was allowed to whom, and credentials that wallets handed in. Secrets are stored as digests only.

CREATE TABLE wallet_clients (
    client_id      text NOT NULL PRIMARY KEY,
    secret_hash    text NOT NULL,
    name           text NOT NULL,
    home           text NOT NULL,
    redirects      text NOT NULL,   -- addresses, separated by line feeds
    scopes         text NOT NULL,   -- separated by spaces
    registered_at  timestamptz NOT NULL
);
CREATE INDEX wallet_clients_registered ON wallet_clients (registered_at);

CREATE TABLE claim_codes (
    code_hash   text NOT NULL PRIMARY KEY,
    subject_id  uuid NOT NULL REFERENCES people (subject_id),
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz NULL,
    ended_at    timestamptz NULL
);
CREATE INDEX claim_codes_subject ON claim_codes (subject_id);

-- What a learner allowed a wallet at the address of one issuer.
CREATE TABLE wallet_grants (
    grant_id    uuid NOT NULL PRIMARY KEY,
    client_id   text NOT NULL REFERENCES wallet_clients (client_id),
    subject_id  uuid NOT NULL REFERENCES people (subject_id),
    issuer      text NOT NULL,
    scopes      text NOT NULL,
    made_at     timestamptz NOT NULL,
    ended_at    timestamptz NULL
);
CREATE INDEX wallet_grants_subject ON wallet_grants (subject_id);
CREATE INDEX wallet_grants_client ON wallet_grants (client_id);

CREATE TABLE wallet_secrets (
    secret_hash  text NOT NULL PRIMARY KEY,
    grant_id     uuid NOT NULL REFERENCES wallet_grants (grant_id),
    kind         text NOT NULL CHECK (kind IN ('code', 'access', 'refresh')),
    scopes       text NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz NULL,
    ended_at     timestamptz NULL,
    redirect     text NULL,         -- of a code
    challenge    text NULL          -- of a code
);
CREATE INDEX wallet_secrets_grant ON wallet_secrets (grant_id);
CREATE INDEX wallet_secrets_over ON wallet_secrets (expires_at);

CREATE TABLE collected_credentials (
    subject_id     uuid NOT NULL REFERENCES people (subject_id),
    issuer_id      text NOT NULL,
    credential_id  text NOT NULL,
    media_type     text NOT NULL,
    content        text NOT NULL,
    valid_from     timestamptz NOT NULL,
    stored_at      timestamptz NOT NULL,
    PRIMARY KEY (subject_id, issuer_id, credential_id)
);
