-- One row for each batch that a dispatcher has in hand, instead of two writings of each of its lines: a claimed line is sent at once, and should its dispatcher die
-- before the queue confirmed, the batch lapses and its lines are planned again.

CREATE TABLE sendings (
    sending_id     bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sent_at        timestamptz NOT NULL,   -- the same as on its lines
    claimed_until  timestamptz NOT NULL,
    lines          integer NOT NULL        -- how many it still has in hand
);
ALTER TABLE sendings SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

ALTER TABLE issuances ADD COLUMN sending bigint NULL;   -- the batch that it is or was in; without one when the queue confirmed it apart from its batch

-- Each row of these was checked against its parent's row, and locked it, though the same transaction had written or locked the parent before. People are never deleted.
ALTER TABLE completions DROP CONSTRAINT completions_subject_id_fkey;
ALTER TABLE issuances DROP CONSTRAINT issuances_subject_id_fkey;
ALTER TABLE person_identifiers DROP CONSTRAINT person_identifiers_subject_id_fkey;

-- Keys are compared byte by byte: a language's order costs several times as much, and nobody reads them in it.
ALTER TABLE person_identifiers ALTER COLUMN value TYPE text COLLATE "C", ALTER COLUMN kind TYPE text COLLATE "C", ALTER COLUMN scope TYPE text COLLATE "C";
ALTER TABLE issuances ALTER COLUMN definition TYPE text COLLATE "C", ALTER COLUMN occurrence TYPE text COLLATE "C", ALTER COLUMN issuer TYPE text COLLATE "C";
ALTER TABLE matched_by_hand ALTER COLUMN source TYPE text COLLATE "C", ALTER COLUMN natural_key TYPE text COLLATE "C";

-- Written once and read whole: the text is kept, not taken apart and put together again. This writes the tables anew; on a large ledger it takes minutes.
ALTER TABLE completions ALTER COLUMN source TYPE text COLLATE "C", ALTER COLUMN natural_key TYPE text COLLATE "C", ALTER COLUMN course_key TYPE text COLLATE "C", ALTER COLUMN payload TYPE json;
ALTER TABLE issuance_awards ALTER COLUMN award TYPE json, ALTER COLUMN trace TYPE json;

-- True where earned_at and expires_at are the award's dates exactly, so that the award need not be read for them.
ALTER TABLE issuances ADD COLUMN exact_dates boolean NOT NULL DEFAULT false;
