-- What platforms sent, whole and before it was answered; kept for replay until its time is over.

CREATE TABLE deliveries (
    delivery_no    INTEGER PRIMARY KEY,
    source         TEXT NOT NULL,
    delivery_id    TEXT NOT NULL,   -- the sender's own, else from the body: the same message is one line
    received_at    TEXT NOT NULL,
    target         TEXT NOT NULL,   -- what followed the source in the address; no secrets
    body           BLOB NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('Waiting', 'Taken', 'SetAside')),
    attempts       INTEGER NOT NULL DEFAULT 0,
    claimed_by     TEXT NULL,
    claimed_until  TEXT NULL,
    not_before     TEXT NULL,
    done_at        TEXT NULL,
    cause          TEXT NULL,
    sentence       TEXT NULL,
    UNIQUE (source, delivery_id)
);
CREATE INDEX deliveries_waiting ON deliveries (source, delivery_no) WHERE state = 'Waiting';
CREATE INDEX deliveries_done ON deliveries (source, done_at) WHERE state <> 'Waiting';
CREATE INDEX deliveries_aside ON deliveries (source) WHERE state = 'SetAside';
CREATE INDEX deliveries_received ON deliveries (source, received_at);
