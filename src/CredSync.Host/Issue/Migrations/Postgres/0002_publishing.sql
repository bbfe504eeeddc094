-- What the issue side must keep so that credentials can be taken back and looked up.

-- The running number of a credential among its issuer's: its place in a status list. Given once; a gap is never filled.
ALTER TABLE issue_journal ADD COLUMN status_number bigint NULL;
CREATE UNIQUE INDEX issue_journal_status ON issue_journal (issuer, status_number) WHERE status_number IS NOT NULL;
CREATE INDEX issue_journal_credential ON issue_journal (credential_id) WHERE credential_id IS NOT NULL;

CREATE TABLE status_numbers (
    issuer       text NOT NULL PRIMARY KEY,
    next_number  bigint NOT NULL
);

CREATE TABLE revocations (
    issuance_id    uuid NOT NULL PRIMARY KEY,
    issuer         text NOT NULL,
    credential_id  text NOT NULL,
    reason         text NOT NULL,
    revoked_at     timestamptz NOT NULL,
    status_number  bigint NULL,
    confirmed_at   timestamptz NULL   -- null while the issuer has not said that it is done
);
CREATE INDEX revocations_confirmed ON revocations (issuer, status_number) WHERE confirmed_at IS NOT NULL AND status_number IS NOT NULL;

-- Documents that an issuer made with its keys, for workers that have none.
CREATE TABLE kept_documents (
    issuer       text NOT NULL,
    path         text NOT NULL,
    version      bigint NOT NULL,
    media_type   text NOT NULL,
    content      bytea NOT NULL,
    made_at      timestamptz NOT NULL,
    valid_until  timestamptz NULL,
    PRIMARY KEY (issuer, path)
);
