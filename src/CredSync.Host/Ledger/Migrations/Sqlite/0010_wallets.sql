-- Learners' wallets: programs that registered, codes by which a learner claims, what was allowed to whom, and credentials that wallets handed in. Secrets are stored as digests only.

CREATE TABLE wallet_clients (
    client_id      TEXT NOT NULL PRIMARY KEY,
    secret_hash    TEXT NOT NULL,
    name           TEXT NOT NULL,
    home           TEXT NOT NULL,
    redirects      TEXT NOT NULL,   -- addresses, separated by line feeds
    scopes         TEXT NOT NULL,   -- separated by spaces
    registered_at  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX wallet_clients_registered ON wallet_clients (registered_at);

CREATE TABLE claim_codes (
    code_hash   TEXT NOT NULL PRIMARY KEY,
    subject_id  TEXT NOT NULL REFERENCES people (subject_id),
    made_at     TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    used_at     TEXT NULL,
    ended_at    TEXT NULL
) WITHOUT ROWID;
CREATE INDEX claim_codes_subject ON claim_codes (subject_id);

-- What a learner allowed a wallet at the address of one issuer.
CREATE TABLE wallet_grants (
    grant_id    TEXT NOT NULL PRIMARY KEY,
    client_id   TEXT NOT NULL REFERENCES wallet_clients (client_id),
    subject_id  TEXT NOT NULL REFERENCES people (subject_id),
    issuer      TEXT NOT NULL,
    scopes      TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    ended_at    TEXT NULL
) WITHOUT ROWID;
CREATE INDEX wallet_grants_subject ON wallet_grants (subject_id);
CREATE INDEX wallet_grants_client ON wallet_grants (client_id);

CREATE TABLE wallet_secrets (
    secret_hash  TEXT NOT NULL PRIMARY KEY,
    grant_id     TEXT NOT NULL REFERENCES wallet_grants (grant_id),
    kind         TEXT NOT NULL CHECK (kind IN ('code', 'access', 'refresh')),
    scopes       TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    used_at      TEXT NULL,
    ended_at     TEXT NULL,
    redirect     TEXT NULL,         -- of a code
    challenge    TEXT NULL          -- of a code
) WITHOUT ROWID;
CREATE INDEX wallet_secrets_grant ON wallet_secrets (grant_id);
CREATE INDEX wallet_secrets_over ON wallet_secrets (expires_at);

CREATE TABLE collected_credentials (
    subject_id     TEXT NOT NULL REFERENCES people (subject_id),
    issuer_id      TEXT NOT NULL,
    credential_id  TEXT NOT NULL,
    media_type     TEXT NOT NULL,
    content        TEXT NOT NULL,
    valid_from     TEXT NOT NULL,
    stored_at      TEXT NOT NULL,
    PRIMARY KEY (subject_id, issuer_id, credential_id)
) WITHOUT ROWID;
