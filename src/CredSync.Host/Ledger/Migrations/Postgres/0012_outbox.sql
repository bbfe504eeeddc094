-- What is on its way and nothing else: one row for each line that is planned or sent. It is small, and written at each step, so that the large table has no index over anything
-- that changes on a line's usual way from planned to issued: its rows are then written anew beside themselves, on their page, and none of its indexes is written for it.

CREATE TABLE outbox (
    issuance_id  uuid NOT NULL PRIMARY KEY,
    due_at       timestamptz NULL,   -- when a planned line is due; null when it was sent
    sent_at      timestamptz NULL    -- null while it is planned
);
ALTER TABLE outbox SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

DROP INDEX issuances_due;
DROP INDEX issuances_sent;
DROP INDEX issuances_open;
DROP INDEX issuances_held;
DROP INDEX issuances_settle;
DROP INDEX issuances_failed;
DROP INDEX issuances_expiring;

-- What wants a person has a cause, and nothing on the usual way has one: the state need not be in any of these, nor may it be.
CREATE INDEX issuances_open ON issuances (planned_at) WHERE cause IS NOT NULL;
CREATE INDEX issuances_held ON issuances (cause, definition) WHERE cause IS NOT NULL;
CREATE INDEX issuances_failed ON issuances (cause, fingerprint, issuer) WHERE cause IS NOT NULL AND archived_at IS NULL;
CREATE INDEX issuances_settle ON issuances (settle_by) WHERE settle_by IS NOT NULL;
CREATE INDEX issuances_expiring ON issuances (expires_at, definition) WHERE expires_at IS NOT NULL;

-- The id is made of person, definition and occurrence, and is unique: a second index over the three said the same at three times the size.
CREATE INDEX issuances_subject ON issuances (subject_id);
ALTER TABLE issuances DROP CONSTRAINT issuances_subject_id_definition_occurrence_key;

-- Merged people are few; asked for each person of a page, the answer is nearly always that there is nothing.
CREATE INDEX people_merged_who ON people (subject_id) WHERE merged_into IS NOT NULL;

-- Room on the page for a line as it is written when it is closed.
ALTER TABLE issuances SET (fillfactor = 40);
ALTER TABLE issuances RESET (autovacuum_analyze_scale_factor);

-- Kept by the database, because lines are written in many places and a row that is missing here would never be sent. Few rows of each statement, found by their key, however
-- large either table was when the plan was made.
CREATE FUNCTION outbox_added() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS
'BEGIN
    INSERT INTO outbox (issuance_id, due_at, sent_at)
    SELECT issuance_id, CASE WHEN state = ''Planned'' THEN GREATEST(planned_at, not_before) END, CASE WHEN state = ''Sent'' THEN sent_at END FROM changed WHERE state IN (''Planned'', ''Sent'');
    RETURN NULL;
END';
CREATE FUNCTION outbox_changed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET search_path FROM CURRENT AS
'BEGIN
    DELETE FROM outbox AS o USING changed AS c WHERE o.issuance_id = c.issuance_id AND c.state NOT IN (''Planned'', ''Sent'');
    INSERT INTO outbox AS o (issuance_id, due_at, sent_at)
    SELECT issuance_id, CASE WHEN state = ''Planned'' THEN GREATEST(planned_at, not_before) END, CASE WHEN state = ''Sent'' THEN sent_at END FROM changed WHERE state IN (''Planned'', ''Sent'')
    ON CONFLICT (issuance_id) DO UPDATE SET due_at = excluded.due_at, sent_at = excluded.sent_at WHERE o.due_at IS DISTINCT FROM excluded.due_at OR o.sent_at IS DISTINCT FROM excluded.sent_at;
    RETURN NULL;
END';
CREATE FUNCTION outbox_gone() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET search_path FROM CURRENT AS
'BEGIN
    DELETE FROM outbox AS o USING changed AS c WHERE o.issuance_id = c.issuance_id;
    RETURN NULL;
END';
CREATE TRIGGER outbox_added AFTER INSERT ON issuances REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION outbox_added();
CREATE TRIGGER outbox_changed AFTER UPDATE ON issuances REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION outbox_changed();
CREATE TRIGGER outbox_gone AFTER DELETE ON issuances REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION outbox_gone();

INSERT INTO outbox (issuance_id, due_at, sent_at)
SELECT issuance_id, CASE WHEN state = 'Planned' THEN GREATEST(planned_at, not_before) END, CASE WHEN state = 'Sent' THEN sent_at END FROM issuances WHERE state IN ('Planned', 'Sent');
