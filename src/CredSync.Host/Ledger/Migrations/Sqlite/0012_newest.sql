-- The newest first, of all, of one source and of one issuer, without sorting a million lines: since its statistics tell how many there are, SQLite would rather read all of them
-- and sort than walk over an index that gives the order. The first also counts, without the lines themselves, what came in since a time and whose it is.

DROP INDEX completions_seen;
CREATE INDEX completions_newest ON completions (first_seen, hold_cause, subject_id);
CREATE INDEX completions_by_source ON completions (source, first_seen);
CREATE INDEX issuances_by_issuer ON issuances (issuer, decided_at, issuance_id);
