-- outbox.db, in the data directory and in no recording: what is to be told to others, and what they answered. Times are of the wall clock.

CREATE TABLE delivery (
  number INTEGER PRIMARY KEY,     -- in order of arrival
  id TEXT NOT NULL UNIQUE,        -- from output, recording, finding and severity: the same is never put in twice
  output TEXT NOT NULL,
  body TEXT NOT NULL,             -- JSON of what is told; '' when it was sent
  state TEXT NOT NULL,            -- waiting, sent, dead
  tries INTEGER NOT NULL,
  due INTEGER NOT NULL,           -- milliseconds since 1970: not before
  made INTEGER NOT NULL,
  answer TEXT NOT NULL,           -- the last one, or why it is dead
  answered INTEGER,               -- milliseconds since 1970: when that was
  refused INTEGER,                -- when it was last not taken; it stays when it was taken later
  refusal TEXT                    -- and why
) STRICT;
CREATE INDEX delivery_by_output ON delivery (output, state, number);
CREATE INDEX delivery_by_due ON delivery (state, due);
