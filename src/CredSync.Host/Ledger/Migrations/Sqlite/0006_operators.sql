-- What operators look at and do: failures by cause and fingerprint, jobs, keys, notes.

ALTER TABLE issuances ADD COLUMN decided_at TEXT NULL;    -- when the line was first written; never moved
ALTER TABLE issuances ADD COLUMN fingerprint TEXT NULL;   -- of the sentence of the last failure: equal for failures that differ in names and numbers only
ALTER TABLE issuances ADD COLUMN archived_at TEXT NULL;   -- a failure that a person has put away
UPDATE issuances SET decided_at = planned_at;

-- What went wrong at the issuers' side and is not settled; screens group it and walk through it.
CREATE INDEX issuances_failed ON issuances (cause, fingerprint, issuer, outcome_at)
    WHERE cause IS NOT NULL AND outcome_at IS NOT NULL AND archived_at IS NULL AND state IN ('Held', 'Planned', 'Sent', 'Refused') AND cause <> 'rejected';
CREATE INDEX issuances_decided ON issuances (decided_at, state);
CREATE INDEX issuances_expiring ON issuances (expires_at, definition) WHERE expires_at IS NOT NULL AND state = 'Issued';
CREATE INDEX issuances_definition ON issuances (definition, decided_at, issuance_id);
CREATE INDEX completions_seen ON completions (first_seen, hold_cause);
CREATE INDEX completions_withheld ON completions (hold_cause, first_seen) WHERE hold_cause IS NOT NULL;
CREATE INDEX runs_by_source ON runs (source, run_id);
CREATE INDEX runs_started ON runs (started_at);
CREATE INDEX set_aside_seen ON set_aside (last_seen);

ALTER TABLE set_aside ADD COLUMN archived_at TEXT NULL;

-- Before and after of an act, where it changes one thing; and no act is ever changed or taken away.
ALTER TABLE acts ADD COLUMN was TEXT NULL;
ALTER TABLE acts ADD COLUMN became TEXT NULL;
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts are never changed'); END;
CREATE TRIGGER acts_last BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts are never deleted'); END;

CREATE TABLE failure_notes (
    cause        TEXT NOT NULL,
    fingerprint  TEXT NOT NULL,
    note         TEXT NOT NULL,
    who          TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (cause, fingerprint)
) WITHOUT ROWID;

-- Work in small steps that people asked for. Its items are chosen when it is made, so that its counts are exact and a restart goes on where it was.
CREATE TABLE jobs (
    job_id       INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,      -- retry, park, archive
    what         TEXT NOT NULL,      -- which failures, in words
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'stopped', 'cancelled')),   -- waiting: for a second person
    who          TEXT NOT NULL,
    why          TEXT NOT NULL,
    approved_by  TEXT NULL,
    at           TEXT NOT NULL,
    began_at     TEXT NULL,
    ended_at     TEXT NULL,
    rate         REAL NOT NULL,      -- items a second
    stop_at      REAL NULL,          -- share of failures among settled items at which it stops; null: never
    items        INTEGER NOT NULL,
    taken        INTEGER NOT NULL DEFAULT 0,
    succeeded    INTEGER NOT NULL DEFAULT 0,   -- these three are written when it ends; before, they are counted
    failed       INTEGER NOT NULL DEFAULT 0,
    skipped      INTEGER NOT NULL DEFAULT 0,
    sentence     TEXT NULL,          -- why it stopped or is paused
    lease_owner  TEXT NULL,
    lease_until  TEXT NULL
);
CREATE INDEX jobs_open ON jobs (state) WHERE state IN ('waiting', 'running', 'paused');

CREATE TABLE job_items (
    job_id       INTEGER NOT NULL REFERENCES jobs (job_id),
    place        INTEGER NOT NULL,
    issuance_id  TEXT NOT NULL,
    taken_at     TEXT NULL,
    result       TEXT NULL,          -- done, skipped (somebody settled it first); of a retry, how it stands is read from the issuance
    PRIMARY KEY (job_id, place)
) WITHOUT ROWID;
CREATE INDEX job_items_issuance ON job_items (issuance_id);

-- Keys of programs. The secret itself is never stored.
CREATE TABLE api_keys (
    key_id      TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    scopes      TEXT NOT NULL,      -- words, separated by spaces; empty: all that the role may
    made_by     TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    ended_at    TEXT NULL,
    last_used   TEXT NULL
) WITHOUT ROWID;

-- Sources that somebody wants to be polled now; whoever polls takes the line away.
CREATE TABLE poll_wishes (
    source  TEXT NOT NULL PRIMARY KEY,
    at      TEXT NOT NULL
) WITHOUT ROWID;
