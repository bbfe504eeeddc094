-- The book of record. Times are UTC in ISO 8601 with seven digits, so that text order is time order; ids are UUIDs in lower case.

CREATE TABLE people (
    subject_id   TEXT NOT NULL PRIMARY KEY,
    name         TEXT NULL,
    email        TEXT NULL,
    first_seen   TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE person_identifiers (
    kind         TEXT NOT NULL,
    scope        TEXT NOT NULL,   -- the source for kinds that mean something only there, else empty
    value        TEXT NOT NULL,   -- normalised
    subject_id   TEXT NOT NULL REFERENCES people (subject_id),
    first_seen   TEXT NOT NULL,
    PRIMARY KEY (kind, scope, value)
) WITHOUT ROWID;
CREATE INDEX person_identifiers_value ON person_identifiers (value);
CREATE INDEX person_identifiers_subject ON person_identifiers (subject_id);

CREATE TABLE completions (
    source         TEXT NOT NULL,
    natural_key    TEXT NOT NULL,
    subject_id     TEXT NULL REFERENCES people (subject_id),   -- null while nobody can be named with certainty
    course_key     TEXT NOT NULL,
    status         TEXT NOT NULL,
    completed_at   TEXT NULL,
    received_hash  TEXT NOT NULL,   -- of the record as last received: equal means nothing to do
    content_hash   TEXT NOT NULL,   -- of the record as merged with what was known
    revision       INTEGER NOT NULL,
    payload        TEXT NOT NULL,   -- the completion, JSON
    hold_cause     TEXT NULL,
    hold_sentence  TEXT NULL,
    first_seen     TEXT NOT NULL,
    last_changed   TEXT NOT NULL,
    PRIMARY KEY (source, natural_key)
);
CREATE INDEX completions_subject ON completions (subject_id);
CREATE INDEX completions_course ON completions (source, course_key);

CREATE TABLE issuances (
    issuance_id    TEXT NOT NULL PRIMARY KEY,   -- UUID version 5 of definition, subject and occurrence
    definition     TEXT NOT NULL,
    subject_id     TEXT NOT NULL REFERENCES people (subject_id),
    occurrence     TEXT NOT NULL,
    issuer         TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('Held', 'Planned', 'Sent', 'Issued', 'Refused')),
    credential     TEXT NOT NULL,   -- facts of the definition when it was decided, JSON
    award          TEXT NULL,       -- facts of the award, JSON
    earned_at      TEXT NULL,
    expires_at     TEXT NULL,
    rule_book      TEXT NOT NULL,
    reason         TEXT NOT NULL,
    trace          TEXT NOT NULL,   -- JSON
    planned_at     TEXT NOT NULL,
    claimed_until  TEXT NULL,
    not_before     TEXT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    sent_at        TEXT NULL,
    outcome_at     TEXT NULL,
    credential_id  TEXT NULL,
    public_url     TEXT NULL,
    cause          TEXT NULL,
    sentence       TEXT NULL,
    UNIQUE (definition, subject_id, occurrence)
);
CREATE INDEX issuances_subject ON issuances (subject_id);
CREATE INDEX issuances_planned ON issuances (planned_at) WHERE state = 'Planned';
CREATE INDEX issuances_sent ON issuances (sent_at) WHERE state = 'Sent';
CREATE INDEX issuances_open ON issuances (planned_at) WHERE state IN ('Held', 'Refused');
CREATE INDEX issuances_issued ON issuances (outcome_at, issuance_id) WHERE state = 'Issued';
CREATE INDEX issuances_counts ON issuances (definition, issuer, state, planned_at);

CREATE TABLE sources (
    name               TEXT NOT NULL PRIMARY KEY,
    cursor             TEXT NULL,
    lease_owner        TEXT NULL,
    lease_until        TEXT NULL,
    last_success       TEXT NULL,
    newest_completion  TEXT NULL,
    paused_because     TEXT NULL,
    failures           INTEGER NOT NULL DEFAULT 0,
    last_fault         TEXT NULL,
    last_fault_sentence TEXT NULL,
    not_before         TEXT NULL
) WITHOUT ROWID;

CREATE TABLE runs (
    run_id       INTEGER PRIMARY KEY,
    source       TEXT NOT NULL,
    started_at   TEXT NOT NULL,
    finished_at  TEXT NULL,
    pages        INTEGER NOT NULL DEFAULT 0,
    read         INTEGER NOT NULL DEFAULT 0,
    new          INTEGER NOT NULL DEFAULT 0,
    revised      INTEGER NOT NULL DEFAULT 0,
    unchanged    INTEGER NOT NULL DEFAULT 0,
    unreadable   INTEGER NOT NULL DEFAULT 0,
    planned      INTEGER NOT NULL DEFAULT 0,
    held         INTEGER NOT NULL DEFAULT 0,
    fault        TEXT NULL,
    fault_sentence TEXT NULL
);
CREATE INDEX runs_source ON runs (source, started_at);

CREATE TABLE set_aside (
    source      TEXT NOT NULL,
    reference   TEXT NOT NULL,
    cause       TEXT NOT NULL,
    sentence    TEXT NOT NULL,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    times       INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (source, reference, cause)
) WITHOUT ROWID;
