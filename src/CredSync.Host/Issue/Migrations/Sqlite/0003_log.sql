-- Transparency logs: what an issuer issued, in the order in which it entered the log. Positions have no gaps; an entry waits for its position until the next head.

CREATE TABLE log_entries (
    entry_id     INTEGER PRIMARY KEY,
    issuer       TEXT NOT NULL,
    issuance_id  TEXT NOT NULL UNIQUE,
    entry        BLOB NOT NULL,
    position     INTEGER NULL
);
CREATE UNIQUE INDEX log_entries_position ON log_entries (issuer, position) WHERE position IS NOT NULL;
CREATE INDEX log_entries_waiting ON log_entries (issuer, entry_id) WHERE position IS NULL;
