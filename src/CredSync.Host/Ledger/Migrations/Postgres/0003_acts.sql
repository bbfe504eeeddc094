-- What people do to the ledger by hand, and what rests on it.

CREATE TABLE acts (
    act_id   bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    who      text NOT NULL,
    verb     text NOT NULL,   -- approve, reject, match, apply
    target   text NOT NULL,   -- issuance id, completion key, plan id
    why      text NOT NULL,
    detail   text NOT NULL    -- what it was before and became, in words; no personal data
);
CREATE INDEX acts_target ON acts (target, act_id);

-- A completion that a person matched by hand stays with that person, whatever its identifiers say.
CREATE TABLE matched_by_hand (
    source       text NOT NULL,
    natural_key  text NOT NULL,
    subject_id   uuid NOT NULL REFERENCES people (subject_id),
    PRIMARY KEY (source, natural_key)
);

-- Questions about issuances that left already: does the credential stay?
CREATE TABLE reviews (
    issuance_id  uuid NOT NULL PRIMARY KEY REFERENCES issuances (issuance_id),
    cause        text NOT NULL,
    sentence     text NOT NULL,
    opened_at    timestamptz NOT NULL,
    settled_at   timestamptz NULL,
    answer       text NULL CHECK (answer IN ('stays', 'revoke'))
);
CREATE INDEX reviews_open ON reviews (opened_at) WHERE settled_at IS NULL;

-- Each revision of the rule book that ever decided, with its first use.
CREATE TABLE rule_books (
    revision     text NOT NULL PRIMARY KEY,
    first_used   timestamptz NOT NULL,
    credentials  integer NOT NULL
);

-- Plans that were begun, and how far each is.
CREATE TABLE plans (
    plan_id      text NOT NULL PRIMARY KEY,
    rule_book    text NOT NULL,
    begun_at     timestamptz NOT NULL,
    effects      bigint NOT NULL,
    applied      bigint NOT NULL,
    finished_at  timestamptz NULL
);

CREATE INDEX issuances_held ON issuances (cause, definition) WHERE state = 'Held';
CREATE INDEX completions_held ON completions (hold_cause) WHERE hold_cause IS NOT NULL;
CREATE INDEX completions_nobody ON completions (source, course_key) WHERE subject_id IS NULL;
