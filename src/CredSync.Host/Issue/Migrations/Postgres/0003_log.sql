-- Transparency logs: what an issuer issued, in the order in which it entered the log. Positions have no gaps; an entry waits for its position until the next head.

CREATE TABLE log_entries (
    entry_id     bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuer       text NOT NULL,
    issuance_id  uuid NOT NULL UNIQUE,
    entry        bytea NOT NULL,
    position     bigint NULL
);
CREATE UNIQUE INDEX log_entries_position ON log_entries (issuer, position) WHERE position IS NOT NULL;
CREATE INDEX log_entries_waiting ON log_entries (issuer, entry_id) WHERE position IS NULL;
