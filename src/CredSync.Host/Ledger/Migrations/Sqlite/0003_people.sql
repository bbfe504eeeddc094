-- Merged people, consent, new people by source, and what settles itself after a time.

ALTER TABLE people ADD COLUMN merged_into TEXT NULL REFERENCES people (subject_id);   -- who answers for them since; null for those who answer for themselves
ALTER TABLE people ADD COLUMN consent TEXT NULL;      -- what they said about credentials, JSON; null when nothing
ALTER TABLE people ADD COLUMN brought_by TEXT NULL;   -- the source that brought them first
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX people_consenting ON people (subject_id) WHERE consent IS NOT NULL;
CREATE INDEX people_brought ON people (brought_by, first_seen);

ALTER TABLE sources ADD COLUMN admitted_at TEXT NULL;   -- when somebody last said that its new people are people

ALTER TABLE issuances ADD COLUMN settle_by TEXT NULL;   -- when a held one settles itself
CREATE INDEX issuances_settle ON issuances (settle_by) WHERE state = 'Held' AND settle_by IS NOT NULL;
ALTER TABLE reviews ADD COLUMN due_at TEXT NOT NULL DEFAULT '';   -- until then the facts may take the question back

-- Who was merged into whom. One standing merge a person; the survivor may be merged further.
CREATE TABLE merges (
    merge_id   INTEGER PRIMARY KEY,
    merged     TEXT NOT NULL REFERENCES people (subject_id),
    survivor   TEXT NOT NULL REFERENCES people (subject_id),
    merged_at  TEXT NOT NULL,
    undone_at  TEXT NULL
);
CREATE UNIQUE INDEX merges_standing ON merges (merged) WHERE undone_at IS NULL;

-- Lines that a merge changed, as they were; without a state when there was none.
CREATE TABLE merge_lines (
    merge_id     INTEGER NOT NULL REFERENCES merges (merge_id),
    issuance_id  TEXT NOT NULL,
    state        TEXT NULL,
    issuer       TEXT NULL,
    credential   TEXT NULL,
    award        TEXT NULL,
    earned_at    TEXT NULL,
    expires_at   TEXT NULL,
    rule_book    TEXT NULL,
    reason       TEXT NULL,
    trace        TEXT NULL,
    planned_at   TEXT NULL,
    cause        TEXT NULL,
    sentence     TEXT NULL,
    settle_by    TEXT NULL,
    PRIMARY KEY (merge_id, issuance_id)
) WITHOUT ROWID;

-- Which directory the people were last brought up to date with.
CREATE TABLE directory_applied (
    only_one  INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
    mark      TEXT NOT NULL,
    at        TEXT NOT NULL
);
