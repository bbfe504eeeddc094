-- A line that was taken up again after an attempt whose end nobody knows. Were it only begun, the worker that took it up and lost the answer to that would believe that nobody
-- had asked the issuer yet.
ALTER TABLE issue_journal ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
