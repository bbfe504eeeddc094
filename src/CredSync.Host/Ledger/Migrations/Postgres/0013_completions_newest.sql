-- The newest first, page by page. Lines are written in the order of time and this is never moved, so only the last page of the index is written to.
CREATE INDEX completions_newest ON completions (first_seen);
DROP INDEX completions_seen;
