-- Jobs that find their own way: plans, what is applied of them, backfills, comparisons with issuers and what is repaired after them, settlements of many holds.

ALTER TABLE jobs ADD COLUMN wish TEXT NULL;                       -- what it is about, JSON
ALTER TABLE jobs ADD COLUMN place TEXT NULL;                      -- where it goes on, in the words of its kind
ALTER TABLE jobs ADD COLUMN of_job INTEGER NULL REFERENCES jobs (job_id);   -- whose changes it makes
ALTER TABLE jobs ADD COLUMN found INTEGER NOT NULL DEFAULT 0;     -- how many changes it has written down

-- What a plan would change, or a comparison found; and what became of it when it was applied.
CREATE TABLE job_changes (
    job_id         INTEGER NOT NULL REFERENCES jobs (job_id),
    place          INTEGER NOT NULL,
    act            TEXT NOT NULL,    -- award, hold, stop; issue-again, take-over, note-revoked; look: only a person can
    issuance_id    TEXT NULL,
    definition     TEXT NULL,
    subject_id     TEXT NULL,
    occurrence     TEXT NULL,
    issuer         TEXT NOT NULL,
    cause          TEXT NULL,
    earned_at      TEXT NULL,
    credential_id  TEXT NULL,
    public_url     TEXT NULL,
    sentence       TEXT NULL,
    taken_at       TEXT NULL,
    result         TEXT NULL,        -- done, before (it was so already), left-out (it would come out otherwise now)
    PRIMARY KEY (job_id, place)
) WITHOUT ROWID;
CREATE INDEX job_changes_left ON job_changes (job_id, place) WHERE taken_at IS NULL AND act <> 'look';
CREATE INDEX job_changes_act ON job_changes (job_id, act, definition);

-- What an issuer has, while it is compared with the ledger.
CREATE TABLE job_listed (
    job_id         INTEGER NOT NULL REFERENCES jobs (job_id),
    credential_id  TEXT NOT NULL,
    issuance_id    TEXT NULL,
    subject_id     TEXT NULL,
    template       TEXT NULL,
    earned_at      TEXT NULL,
    revoked        INTEGER NOT NULL,
    public_url     TEXT NULL,
    met            INTEGER NOT NULL DEFAULT 0,    -- 1: the ledger has it
    PRIMARY KEY (job_id, credential_id)
) WITHOUT ROWID;
CREATE INDEX job_listed_issuance ON job_listed (job_id, issuance_id) WHERE issuance_id IS NOT NULL;
CREATE INDEX job_listed_subject ON job_listed (job_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX job_listed_left ON job_listed (job_id, credential_id) WHERE met = 0;

-- Alerts that somebody was told of, or that a worker is telling; of several workers one tells.
CREATE TABLE alerts (
    alert_key      TEXT NOT NULL PRIMARY KEY,
    alert          TEXT NOT NULL,    -- JSON
    told_at        TEXT NULL,        -- when it was told that it began; null while that is tried
    claimed_until  TEXT NULL
) WITHOUT ROWID;

