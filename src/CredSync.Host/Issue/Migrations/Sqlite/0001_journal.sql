-- The issue side's own memory: one line for each issuance id, and the credentials that were minted here.

CREATE TABLE issue_journal (
    issuance_id    TEXT NOT NULL PRIMARY KEY,
    issuer         TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('Begun', 'Finished', 'Failed', 'InDoubt')),
    issued_at      TEXT NOT NULL,   -- set at the first attempt, repeated by every later one
    attempts       INTEGER NOT NULL DEFAULT 1,
    lease_owner    TEXT NULL,
    lease_until    TEXT NULL,
    credential_id  TEXT NULL,
    public_url     TEXT NULL,
    cause          TEXT NULL,
    reason         TEXT NULL,
    changed_at     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE credential_documents (
    issuance_id    TEXT NOT NULL REFERENCES issue_journal (issuance_id),
    extension      TEXT NOT NULL,
    media_type     TEXT NOT NULL,
    content        BLOB NOT NULL,
    PRIMARY KEY (issuance_id, extension)
);
