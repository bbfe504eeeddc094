-- What the issue side must keep so that credentials can be taken back and looked up.

-- The running number of a credential among its issuer's: its place in a status list. Given once; a gap is never filled.
ALTER TABLE issue_journal ADD COLUMN status_number INTEGER NULL;
CREATE UNIQUE INDEX issue_journal_status ON issue_journal (issuer, status_number) WHERE status_number IS NOT NULL;
CREATE INDEX issue_journal_credential ON issue_journal (credential_id) WHERE credential_id IS NOT NULL;

CREATE TABLE status_numbers (
    issuer       TEXT NOT NULL PRIMARY KEY,
    next_number  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE revocations (
    issuance_id    TEXT NOT NULL PRIMARY KEY,
    issuer         TEXT NOT NULL,
    credential_id  TEXT NOT NULL,
    reason         TEXT NOT NULL,
    revoked_at     TEXT NOT NULL,
    status_number  INTEGER NULL,
    confirmed_at   TEXT NULL        -- null while the issuer has not said that it is done
) WITHOUT ROWID;
CREATE INDEX revocations_confirmed ON revocations (issuer, status_number) WHERE confirmed_at IS NOT NULL AND status_number IS NOT NULL;

-- Documents that an issuer made with its keys, for workers that have none.
CREATE TABLE kept_documents (
    issuer       TEXT NOT NULL,
    path         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    media_type   TEXT NOT NULL,
    content      BLOB NOT NULL,
    made_at      TEXT NOT NULL,
    valid_until  TEXT NULL,
    PRIMARY KEY (issuer, path)
);
