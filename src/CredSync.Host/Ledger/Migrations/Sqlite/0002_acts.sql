-- What people do to the ledger by hand, and what rests on it.

CREATE TABLE acts (
    act_id   INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    who      TEXT NOT NULL,
    verb     TEXT NOT NULL,   -- approve, reject, match, apply
    target   TEXT NOT NULL,   -- issuance id, completion key, plan id
    why      TEXT NOT NULL,
    detail   TEXT NOT NULL    -- what it was before and became, in words; no personal data
);
CREATE INDEX acts_target ON acts (target, act_id);

-- A completion that a person matched by hand stays with that person, whatever its identifiers say.
CREATE TABLE matched_by_hand (
    source       TEXT NOT NULL,
    natural_key  TEXT NOT NULL,
    subject_id   TEXT NOT NULL REFERENCES people (subject_id),
    PRIMARY KEY (source, natural_key)
) WITHOUT ROWID;

-- Questions about issuances that left already: does the credential stay?
CREATE TABLE reviews (
    issuance_id  TEXT NOT NULL PRIMARY KEY REFERENCES issuances (issuance_id),
    cause        TEXT NOT NULL,
    sentence     TEXT NOT NULL,
    opened_at    TEXT NOT NULL,
    settled_at   TEXT NULL,
    answer       TEXT NULL    -- stays, revoke
) WITHOUT ROWID;
CREATE INDEX reviews_open ON reviews (opened_at) WHERE settled_at IS NULL;

-- Each revision of the rule book that ever decided, with its first use.
CREATE TABLE rule_books (
    revision     TEXT NOT NULL PRIMARY KEY,
    first_used   TEXT NOT NULL,
    credentials  INTEGER NOT NULL
) WITHOUT ROWID;

-- Plans that were begun, and how far each is.
CREATE TABLE plans (
    plan_id      TEXT NOT NULL PRIMARY KEY,
    rule_book    TEXT NOT NULL,
    begun_at     TEXT NOT NULL,
    effects      INTEGER NOT NULL,
    applied      INTEGER NOT NULL,
    finished_at  TEXT NULL
) WITHOUT ROWID;

CREATE INDEX issuances_held ON issuances (cause, definition) WHERE state = 'Held';
CREATE INDEX completions_held ON completions (hold_cause) WHERE hold_cause IS NOT NULL;
CREATE INDEX completions_nobody ON completions (source, course_key) WHERE subject_id IS NULL;
