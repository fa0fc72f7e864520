-- history.db, beside the policies in the data directory: every text a policy ever had. Times are of the wall clock.

CREATE TABLE change (
  number INTEGER PRIMARY KEY,
  policy TEXT NOT NULL,           -- by its name, without the ending of its file
  at INTEGER NOT NULL,
  who TEXT NOT NULL,              -- '': not known
  what TEXT NOT NULL,             -- one of POLICY_DEEDS in model/policy-history.ts
  why TEXT NOT NULL,
  of INTEGER,                     -- the change that was taken back, or written again
  text TEXT,                      -- as it was from then on; NULL: taken away
  hash TEXT NOT NULL              -- SHA-256 over the row and the hash of the one before
) STRICT;
CREATE INDEX change_by_policy ON change (policy, number);
CREATE TRIGGER change_is_not_changed BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'what a policy was is not changed'); END;
CREATE TRIGGER change_is_not_removed BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'what a policy was is not removed'); END;
