-- One row for each batch that the dispatcher has in hand, instead of two writings of each of its lines: a claimed line is sent at once, and should the dispatcher die
-- before the queue confirmed, the batch lapses and its lines are planned again.

CREATE TABLE sendings (
    sending_id     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    sent_at        TEXT NOT NULL,   -- the same as on its lines
    claimed_until  TEXT NOT NULL,
    lines          INTEGER NOT NULL -- how many it still has in hand
);

ALTER TABLE issuances ADD COLUMN sending INTEGER NULL;   -- the batch that it is or was in; without one when the queue confirmed it apart from its batch
