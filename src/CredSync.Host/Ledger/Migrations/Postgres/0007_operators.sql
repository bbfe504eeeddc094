-- What operators look at and do: failures by cause and fingerprint, jobs, keys, notes.

ALTER TABLE issuances ADD COLUMN decided_at timestamptz NULL;   -- when the line was first written; never moved
ALTER TABLE issuances ADD COLUMN fingerprint text NULL;         -- of the sentence of the last failure: equal for failures that differ in names and numbers only
ALTER TABLE issuances ADD COLUMN archived_at timestamptz NULL;  -- a failure that a person has put away
UPDATE issuances SET decided_at = planned_at;

-- What went wrong at the issuers' side and is not settled; screens group it and walk through it.
CREATE INDEX issuances_failed ON issuances (cause, fingerprint, issuer, outcome_at)
    WHERE cause IS NOT NULL AND outcome_at IS NOT NULL AND archived_at IS NULL AND state IN ('Held', 'Planned', 'Sent', 'Refused') AND cause <> 'rejected';
-- Lines are written in the order of time, so a few pages of summary tell which blocks a day is in; intake pays nearly nothing for it.
CREATE INDEX issuances_decided ON issuances USING brin (decided_at) WITH (pages_per_range = 32);
CREATE INDEX issuances_expiring ON issuances (expires_at, definition) WHERE expires_at IS NOT NULL AND state = 'Issued';
CREATE INDEX issuances_definition ON issuances (definition, decided_at, issuance_id);
CREATE INDEX completions_seen ON completions USING brin (first_seen) WITH (pages_per_range = 32);
CREATE INDEX runs_by_source ON runs (source, run_id);
CREATE INDEX runs_started ON runs (started_at);

ALTER TABLE set_aside ADD COLUMN archived_at timestamptz NULL;

-- Before and after of an act, where it changes one thing; and no act is ever changed or taken away.
ALTER TABLE acts ADD COLUMN was text NULL;
ALTER TABLE acts ADD COLUMN became text NULL;
CREATE FUNCTION acts_stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''acts are never changed or deleted''; END';
CREATE TRIGGER acts_stay BEFORE UPDATE OR DELETE ON acts FOR EACH ROW EXECUTE FUNCTION acts_stay();

CREATE TABLE failure_notes (
    cause        text NOT NULL,
    fingerprint  text NOT NULL,
    note         text NOT NULL,
    who          text NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (cause, fingerprint)
);

-- Work in small steps that people asked for. Its items are chosen when it is made, so that its counts are exact and a restart goes on where it was.
CREATE TABLE jobs (
    job_id       bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,      -- retry, park, archive
    what         text NOT NULL,      -- which failures, in words
    state        text NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'done', 'stopped', 'cancelled')),   -- waiting: for a second person
    who          text NOT NULL,
    why          text NOT NULL,
    approved_by  text NULL,
    at           timestamptz NOT NULL,
    began_at     timestamptz NULL,
    ended_at     timestamptz NULL,
    rate         double precision NOT NULL,      -- items a second
    stop_at      double precision NULL,          -- share of failures among settled items at which it stops; null: never
    items        integer NOT NULL,
    taken        integer NOT NULL DEFAULT 0,
    succeeded    integer NOT NULL DEFAULT 0,   -- these three are written when it ends; before, they are counted
    failed       integer NOT NULL DEFAULT 0,
    skipped      integer NOT NULL DEFAULT 0,
    sentence     text NULL,          -- why it stopped or is paused
    lease_owner  text NULL,
    lease_until  timestamptz NULL
);
CREATE INDEX jobs_open ON jobs (state) WHERE state IN ('waiting', 'running', 'paused');

CREATE TABLE job_items (
    job_id       bigint NOT NULL REFERENCES jobs (job_id),
    place        integer NOT NULL,
    issuance_id  uuid NOT NULL,
    taken_at     timestamptz NULL,
    result       text NULL,          -- done, skipped (somebody settled it first); of a retry, how it stands is read from the issuance
    PRIMARY KEY (job_id, place)
);
CREATE INDEX job_items_issuance ON job_items (issuance_id);

-- Keys of programs. The secret itself is never stored.
CREATE TABLE api_keys (
    key_id      text NOT NULL PRIMARY KEY,
    name        text NOT NULL,
    hash        text NOT NULL,
    role        text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    scopes      text NOT NULL,      -- words, separated by spaces; empty: all that the role may
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz NULL,
    last_used   timestamptz NULL
);

-- Sources that somebody wants to be polled now; whoever polls takes the line away.
CREATE TABLE poll_wishes (
    source  text NOT NULL PRIMARY KEY,
    at      timestamptz NOT NULL
);
