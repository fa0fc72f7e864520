-- Findings, and what watches remember; a signal says of what it is.

ALTER TABLE signal RENAME TO signal_before;
CREATE TABLE signal (
  at INTEGER NOT NULL, kind TEXT NOT NULL, sender INTEGER NOT NULL, receiver INTEGER NOT NULL, segment TEXT NOT NULL, what TEXT NOT NULL,
  run INTEGER NOT NULL,
  count INTEGER NOT NULL, distinct_count INTEGER NOT NULL, failed INTEGER NOT NULL, amount INTEGER NOT NULL, witness TEXT,
  PRIMARY KEY (at, kind, sender, receiver, segment, what, run)
) STRICT, WITHOUT ROWID;
INSERT INTO signal (at, kind, sender, receiver, segment, what, run, count, distinct_count, failed, amount, witness)
  SELECT at, kind, sender, receiver, segment, '', run, count, distinct_count, failed, 0, witness FROM signal_before;
DROP TABLE signal_before;

CREATE TABLE finding (
  id TEXT PRIMARY KEY,            -- from site, detector, story and the second of its first evidence: the same when a capture is read again
  detector TEXT NOT NULL,         -- by its name; family, title and remedy are the detector's
  key TEXT NOT NULL,              -- whom the detector tells apart, and the story within: acknowledged and explained by it
  about INTEGER NOT NULL,         -- endpoint; 0: a whole segment
  severity TEXT NOT NULL,         -- as it was claimed; who is hit may raise it
  first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
  summary TEXT NOT NULL,          -- its first line, which stays
  because TEXT NOT NULL,          -- JSON: [{ at, text }, …], oldest first
  others TEXT NOT NULL,           -- JSON: endpoints on the other side, the first ones
  others_beyond INTEGER NOT NULL, -- and how many more
  witnesses TEXT NOT NULL,        -- JSON: [[input, …], …] as in model/finding.ts
  rhythm TEXT NOT NULL,           -- JSON: the last gaps in seconds: how long a silence ends it
  before TEXT                     -- the finding of the same key before it
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_by_key ON finding (detector, key, first);
CREATE INDEX finding_by_about ON finding (about);
CREATE TABLE finding_memory (
  detector TEXT NOT NULL, subject TEXT NOT NULL,
  last INTEGER NOT NULL,
  memory TEXT NOT NULL,           -- JSON, as the watch has it
  PRIMARY KEY (detector, subject)
) STRICT, WITHOUT ROWID;
