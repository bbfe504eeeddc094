-- Merged people, consent, new people by source, and what settles itself after a time.

ALTER TABLE people ADD COLUMN merged_into uuid NULL REFERENCES people (subject_id);   -- who answers for them since; null for those who answer for themselves
ALTER TABLE people ADD COLUMN consent jsonb NULL;     -- what they said about credentials; null when nothing
ALTER TABLE people ADD COLUMN brought_by text NULL;   -- the source that brought them first
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX people_consenting ON people (subject_id) WHERE consent IS NOT NULL;
CREATE INDEX people_brought ON people (brought_by, first_seen);

ALTER TABLE sources ADD COLUMN admitted_at timestamptz NULL;   -- when somebody last said that its new people are people

ALTER TABLE issuances ADD COLUMN settle_by timestamptz NULL;   -- when a held one settles itself
CREATE INDEX issuances_settle ON issuances (settle_by) WHERE state = 'Held' AND settle_by IS NOT NULL;
ALTER TABLE reviews ADD COLUMN due_at timestamptz NOT NULL DEFAULT '-infinity';   -- until then the facts may take the question back

-- Who was merged into whom. One standing merge a person; the survivor may be merged further.
CREATE TABLE merges (
    merge_id   bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merged     uuid NOT NULL REFERENCES people (subject_id),
    survivor   uuid NOT NULL REFERENCES people (subject_id),
    merged_at  timestamptz NOT NULL,
    undone_at  timestamptz NULL
);
CREATE UNIQUE INDEX merges_standing ON merges (merged) WHERE undone_at IS NULL;

-- Lines that a merge changed, as they were; without a state when there was none.
CREATE TABLE merge_lines (
    merge_id     bigint NOT NULL REFERENCES merges (merge_id),
    issuance_id  uuid NOT NULL,
    state        text NULL,
    issuer       text NULL,
    facts_id     uuid NULL,
    award        jsonb NULL,
    earned_at    timestamptz NULL,
    expires_at   timestamptz NULL,
    rule_book    text NULL,
    reason       text NULL,
    trace        jsonb NULL,
    planned_at   timestamptz NULL,
    cause        text NULL,
    sentence     text NULL,
    settle_by    timestamptz NULL,
    PRIMARY KEY (merge_id, issuance_id)
);

-- Which directory the people were last brought up to date with.
CREATE TABLE directory_applied (
    only_one  boolean NOT NULL PRIMARY KEY CHECK (only_one),
    mark      text NOT NULL,
    at        timestamptz NOT NULL
);
