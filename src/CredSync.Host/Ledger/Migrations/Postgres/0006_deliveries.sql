-- What platforms sent, whole and before it was answered; kept for replay until its time is over.

CREATE TABLE deliveries (
    delivery_no    bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL,
    delivery_id    text NOT NULL,   -- the sender's own, else from the body: the same message is one line
    received_at    timestamptz NOT NULL,
    target         text NOT NULL,   -- what followed the source in the address; no secrets
    body           bytea NOT NULL,
    state          text NOT NULL CHECK (state IN ('Waiting', 'Taken', 'SetAside')),
    attempts       integer NOT NULL DEFAULT 0,
    claimed_by     text NULL,
    claimed_until  timestamptz NULL,
    not_before     timestamptz NULL,
    done_at        timestamptz NULL,
    cause          text NULL,
    sentence       text NULL,
    UNIQUE (source, delivery_id)
);
CREATE INDEX deliveries_waiting ON deliveries (source, delivery_no) WHERE state = 'Waiting';
CREATE INDEX deliveries_done ON deliveries (source, done_at) WHERE state <> 'Waiting';
CREATE INDEX deliveries_aside ON deliveries (source) WHERE state = 'SetAside';
CREATE INDEX deliveries_received ON deliveries (source, received_at);

-- Vacuum early, and leave room so that a claim stays on its page.
ALTER TABLE deliveries SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
