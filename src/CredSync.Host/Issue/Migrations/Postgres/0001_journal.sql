-- The issue side's own memory: one line for each issuance id, and the credentials that were minted here.

CREATE TABLE issue_journal (
    issuance_id    uuid NOT NULL PRIMARY KEY,
    issuer         text NOT NULL,
    state          text NOT NULL CHECK (state IN ('Begun', 'Finished', 'Failed', 'InDoubt')),
    issued_at      timestamptz NOT NULL,   -- set at the first attempt, repeated by every later one
    attempts       integer NOT NULL DEFAULT 1,
    lease_owner    text NULL,
    lease_until    timestamptz NULL,
    credential_id  text NULL,
    public_url     text NULL,
    cause          text NULL,
    reason         text NULL,
    changed_at     timestamptz NOT NULL
);

CREATE TABLE credential_documents (
    issuance_id    uuid NOT NULL REFERENCES issue_journal (issuance_id),
    extension      text NOT NULL,
    media_type     text NOT NULL,
    content        bytea NOT NULL,
    PRIMARY KEY (issuance_id, extension)
);

-- A line is written twice and then stands; room for the second writing keeps it on its page.
ALTER TABLE issue_journal SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
