-- The book of record. Times are UTC; facts are JSON, written as they were decided and read whole.

CREATE TABLE people (
    subject_id   uuid NOT NULL PRIMARY KEY,
    name         text NULL,
    email        text NULL,
    first_seen   timestamptz NOT NULL
);

CREATE TABLE person_identifiers (
    kind         text NOT NULL,
    scope        text NOT NULL,   -- the source for kinds that mean something only there, else empty
    value        text NOT NULL,   -- normalised
    subject_id   uuid NOT NULL REFERENCES people (subject_id),
    first_seen   timestamptz NOT NULL,
    PRIMARY KEY (value, kind, scope)   -- the value first: it tells more apart, and screens search by it alone
);
CREATE INDEX person_identifiers_subject ON person_identifiers (subject_id);

CREATE TABLE completions (
    source         text NOT NULL,
    natural_key    text NOT NULL,
    subject_id     uuid NULL REFERENCES people (subject_id),   -- null while nobody can be named with certainty
    course_key     text NOT NULL,
    status         text NOT NULL,
    completed_at   timestamptz NULL,   -- for order and reports; the payload has it exactly
    received_hash  text NOT NULL,      -- of the record as last received: equal means nothing to do
    content_hash   text NOT NULL,      -- of the record as merged with what was known
    revision       integer NOT NULL,
    payload        jsonb NOT NULL,     -- the completion
    hold_cause     text NULL,
    hold_sentence  text NULL,
    first_seen     timestamptz NOT NULL,
    last_changed   timestamptz NOT NULL,
    PRIMARY KEY (source, natural_key)
);
CREATE INDEX completions_subject ON completions (subject_id);
CREATE INDEX completions_course ON completions (source, course_key);
CREATE INDEX completions_withheld ON completions (source, natural_key) WHERE hold_cause IS NOT NULL;

-- Facts of a definition as they were when something was decided by it: one line for all who got the same.
CREATE TABLE credential_facts (
    facts_id     uuid NOT NULL PRIMARY KEY,   -- UUID version 5 of the JSON
    credential   jsonb NOT NULL
);

-- Narrow on purpose: a line is rewritten at each step of its short active life. What is written once stands in issuance_awards.
CREATE TABLE issuances (
    issuance_id    uuid NOT NULL PRIMARY KEY,   -- UUID version 5 of definition, subject and occurrence
    definition     text NOT NULL,
    subject_id     uuid NOT NULL REFERENCES people (subject_id),
    occurrence     text NOT NULL,
    issuer         text NOT NULL,
    state          text NOT NULL CHECK (state IN ('Held', 'Planned', 'Sent', 'Issued', 'Refused')),
    facts_id       uuid NOT NULL,
    earned_at      timestamptz NULL,   -- for order and reports; the award has both exactly
    expires_at     timestamptz NULL,
    rule_book      text NOT NULL,
    planned_at     timestamptz NOT NULL,
    claimed_until  timestamptz NULL,
    not_before     timestamptz NULL,
    attempts       integer NOT NULL DEFAULT 0,
    sent_at        timestamptz NULL,
    outcome_at     timestamptz NULL,
    credential_id  text NULL,
    public_url     text NULL,
    cause          text NULL,
    sentence       text NULL,
    UNIQUE (subject_id, definition, occurrence)   -- also finds everything of one person
);
-- When a planned line is due. Claims are not in it, so that claiming rewrites no index; the dispatcher walks over the few that are claimed.
CREATE INDEX issuances_due ON issuances (GREATEST(planned_at, not_before)) WHERE state = 'Planned';
CREATE INDEX issuances_sent ON issuances (sent_at) WHERE state = 'Sent';
CREATE INDEX issuances_open ON issuances (planned_at) WHERE state IN ('Held', 'Refused') OR (state IN ('Planned', 'Sent') AND cause IS NOT NULL);

CREATE TABLE issuance_awards (
    issuance_id  uuid NOT NULL PRIMARY KEY,
    award        jsonb NULL,    -- facts of the award; null only while a held one waits for a fact
    reason       text NOT NULL,
    trace        jsonb NOT NULL
);

-- Vacuum early, and leave room so that a claim stays on its page.
ALTER TABLE issuances SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE people SET (fillfactor = 90);

CREATE TABLE sources (
    name                text NOT NULL PRIMARY KEY,
    cursor              text NULL,
    lease_owner         text NULL,
    lease_until         timestamptz NULL,
    last_success        timestamptz NULL,
    newest_completion   timestamptz NULL,
    paused_because      text NULL,
    failures            integer NOT NULL DEFAULT 0,
    last_fault          text NULL,
    last_fault_sentence text NULL,
    not_before          timestamptz NULL
);

CREATE TABLE runs (
    run_id       bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source       text NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz NULL,
    pages        integer NOT NULL DEFAULT 0,
    read         bigint NOT NULL DEFAULT 0,
    new          bigint NOT NULL DEFAULT 0,
    revised      bigint NOT NULL DEFAULT 0,
    unchanged    bigint NOT NULL DEFAULT 0,
    unreadable   bigint NOT NULL DEFAULT 0,
    planned      bigint NOT NULL DEFAULT 0,
    held         bigint NOT NULL DEFAULT 0,
    fault        text NULL,
    fault_sentence text NULL
);
CREATE INDEX runs_source ON runs (source, started_at);
CREATE INDEX runs_unfinished ON runs (source) WHERE finished_at IS NULL;

CREATE TABLE set_aside (
    source      text NOT NULL,
    reference   text NOT NULL,
    cause       text NOT NULL,
    sentence    text NOT NULL,
    first_seen  timestamptz NOT NULL,
    last_seen   timestamptz NOT NULL,
    times       integer NOT NULL DEFAULT 1,
    PRIMARY KEY (source, reference, cause)
);
CREATE INDEX set_aside_seen ON set_aside (last_seen DESC, source, reference);
