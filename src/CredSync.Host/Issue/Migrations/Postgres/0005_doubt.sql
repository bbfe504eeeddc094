-- A line that a worker took over in doubt is looked up before it is minted, also when that worker asks for it twice because it did not hear that it has it.
ALTER TABLE issue_journal ADD COLUMN taken_in_doubt boolean NOT NULL DEFAULT false;
