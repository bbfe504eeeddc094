-- When what rests on a revoked credential was looked at. What was revoked before acts on what rests on it through a plan only.

ALTER TABLE revocations ADD COLUMN followed_at timestamptz NULL;
UPDATE revocations SET followed_at = planned_at WHERE state = 'Revoked';
CREATE INDEX revocations_unfollowed ON revocations (planned_at, issuance_id) WHERE state = 'Revoked' AND followed_at IS NULL;
