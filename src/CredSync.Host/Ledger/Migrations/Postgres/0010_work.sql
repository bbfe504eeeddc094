-- Jobs that find their own way: plans, what is applied of them, backfills, comparisons with issuers and what is repaired after them, settlements of many holds.

ALTER TABLE jobs ADD COLUMN wish text NULL;                       -- what it is about, JSON
ALTER TABLE jobs ADD COLUMN place text NULL;                      -- where it goes on, in the words of its kind
ALTER TABLE jobs ADD COLUMN of_job bigint NULL REFERENCES jobs (job_id);   -- whose changes it makes
ALTER TABLE jobs ADD COLUMN found bigint NOT NULL DEFAULT 0;     -- how many changes it has written down

-- What a plan would change, or a comparison found; and what became of it when it was applied.
CREATE TABLE job_changes (
    job_id         bigint NOT NULL REFERENCES jobs (job_id),
    place          bigint NOT NULL,
    act            text NOT NULL,    -- award, hold, stop; issue-again, take-over, note-revoked; look: only a person can
    issuance_id    uuid NULL,
    definition     text NULL,
    subject_id     uuid NULL,
    occurrence     text NULL,
    issuer         text NOT NULL,
    cause          text NULL,
    earned_at      timestamptz NULL,
    credential_id  text NULL,
    public_url     text NULL,
    sentence       text NULL,
    taken_at       timestamptz NULL,
    result         text NULL,        -- done, before (it was so already), left-out (it would come out otherwise now)
    PRIMARY KEY (job_id, place)
);
CREATE INDEX job_changes_left ON job_changes (job_id, place) WHERE taken_at IS NULL AND act <> 'look';
CREATE INDEX job_changes_act ON job_changes (job_id, act, definition);

-- What an issuer has, while it is compared with the ledger.
CREATE TABLE job_listed (
    job_id         bigint NOT NULL REFERENCES jobs (job_id),
    credential_id  text NOT NULL,
    issuance_id    uuid NULL,
    subject_id     uuid NULL,
    template       text NULL,
    earned_at      timestamptz NULL,
    revoked        integer NOT NULL,
    public_url     text NULL,
    met            integer NOT NULL DEFAULT 0,    -- 1: the ledger has it
    PRIMARY KEY (job_id, credential_id)
);
CREATE INDEX job_listed_issuance ON job_listed (job_id, issuance_id) WHERE issuance_id IS NOT NULL;
CREATE INDEX job_listed_subject ON job_listed (job_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX job_listed_left ON job_listed (job_id, credential_id) WHERE met = 0;

-- Alerts that somebody was told of, or that a worker is telling; of several workers one tells.
CREATE TABLE alerts (
    alert_key      text NOT NULL PRIMARY KEY,
    alert          text NOT NULL,    -- JSON
    told_at        timestamptz NULL,        -- when it was told that it began; null while that is tried
    claimed_until  timestamptz NULL
);

