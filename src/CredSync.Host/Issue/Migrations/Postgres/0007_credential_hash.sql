-- A credential is looked up by the whole of its id, which is long: its hash is enough, and costs less to write.
DROP INDEX issue_journal_credential;
CREATE INDEX issue_journal_credential ON issue_journal USING hash (credential_id) WHERE credential_id IS NOT NULL;
