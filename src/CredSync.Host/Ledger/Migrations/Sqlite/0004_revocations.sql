-- Credentials that are taken back. The issuance stays issued; when it was revoked stands beside it, and what was asked of its issuer, and how far that is, stands here.

ALTER TABLE issuances ADD COLUMN revoked_at TEXT NULL;
CREATE INDEX issuances_revoked ON issuances (definition, issuer) WHERE revoked_at IS NOT NULL;

CREATE TABLE revocations (
    issuance_id    TEXT NOT NULL PRIMARY KEY REFERENCES issuances (issuance_id),
    state          TEXT NOT NULL CHECK (state IN ('Planned', 'Sent', 'Revoked', 'Held', 'Refused')),
    reason         TEXT NOT NULL,   -- one sentence that may be published; no personal data
    revoked_at     TEXT NOT NULL,   -- since when; decided once, the same however often the issuer is asked
    planned_at     TEXT NOT NULL,
    claimed_until  TEXT NULL,
    not_before     TEXT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    sent_at        TEXT NULL,
    outcome_at     TEXT NULL,
    cause          TEXT NULL,
    sentence       TEXT NULL
) WITHOUT ROWID;
CREATE INDEX revocations_planned ON revocations (planned_at) WHERE state = 'Planned';
CREATE INDEX revocations_sent ON revocations (sent_at) WHERE state = 'Sent';
CREATE INDEX revocations_open ON revocations (planned_at) WHERE state IN ('Held', 'Refused');

-- Reviews that ended with "revoke" before there was a way to do it.
INSERT INTO revocations (issuance_id, state, reason, revoked_at, planned_at)
SELECT issuance_id, 'Planned', 'What it was earned by does not count any more.', settled_at, settled_at FROM reviews WHERE answer = 'revoke';
