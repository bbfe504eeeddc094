-- Credentials that are taken back. The issuance stays issued; when it was revoked stands beside it, and what was asked of its issuer, and how far that is, stands here.

ALTER TABLE issuances ADD COLUMN revoked_at timestamptz NULL;
CREATE INDEX issuances_revoked ON issuances (definition, issuer) WHERE revoked_at IS NOT NULL;

CREATE TABLE revocations (
    issuance_id    uuid NOT NULL PRIMARY KEY REFERENCES issuances (issuance_id),
    state          text NOT NULL CHECK (state IN ('Planned', 'Sent', 'Revoked', 'Held', 'Refused')),
    reason         text NOT NULL,          -- one sentence that may be published; no personal data
    revoked_at     timestamptz NOT NULL,   -- since when; decided once, the same however often the issuer is asked
    planned_at     timestamptz NOT NULL,
    claimed_until  timestamptz NULL,
    not_before     timestamptz NULL,
    attempts       integer NOT NULL DEFAULT 0,
    sent_at        timestamptz NULL,
    outcome_at     timestamptz NULL,
    cause          text NULL,
    sentence       text NULL
);
CREATE INDEX revocations_planned ON revocations (planned_at) WHERE state = 'Planned';
CREATE INDEX revocations_sent ON revocations (sent_at) WHERE state = 'Sent';
CREATE INDEX revocations_open ON revocations (planned_at) WHERE state IN ('Held', 'Refused');

-- Reviews that ended with "revoke" before there was a way to do it.
INSERT INTO revocations (issuance_id, state, reason, revoked_at, planned_at)
SELECT issuance_id, 'Planned', 'What it was earned by does not count any more.', settled_at, settled_at FROM reviews WHERE answer = 'revoke';
