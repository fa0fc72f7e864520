-- accounts.db, in the data directory and in no recording: who may use the pages, and what they did there. Times are of the wall clock.

CREATE TABLE about (
  -- audit_key, for the chain; audit_head: number and hash of the last row
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  password TEXT NOT NULL,          -- Argon2id, as a PHC string; '' of single sign-on
  stamp TEXT NOT NULL,             -- drawn anew with each password, and when all sign-ins are ended
  made INTEGER NOT NULL,
  sites TEXT NOT NULL DEFAULT '',  -- JSON: a list of names; '': all there are
  subject TEXT NOT NULL DEFAULT '' -- of single sign-on: JSON of issuer and subject; '': an account of this computer
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_by_subject ON account (subject) WHERE subject <> '';

CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,             -- one of AUDITED in model/account.ts
  about TEXT NOT NULL,
  client TEXT NOT NULL,
  hash TEXT NOT NULL              -- HMAC-SHA-256 over the row and the hash of the one before
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not shortened'); END;
