-- Credentials are a few kilobytes of text each. The newer compression costs a third of the older one's time; a server built without it keeps the older.
DO $$
BEGIN
    ALTER TABLE credential_documents ALTER COLUMN content SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
