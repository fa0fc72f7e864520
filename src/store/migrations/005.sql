-- What the fleet came to on a day: what was a month ago is told of it.

CREATE TABLE daily (
  at INTEGER NOT NULL,            -- the last moment of that day that was heard
  part TEXT NOT NULL, name TEXT NOT NULL, -- all, or a ward or kind by its name; '' where nobody knows it
  devices INTEGER NOT NULL,
  patient INTEGER NOT NULL, device INTEGER NOT NULL, network INTEGER NOT NULL, -- points of risk, added
  high INTEGER NOT NULL, exposed INTEGER NOT NULL, affected INTEGER NOT NULL, possible INTEGER NOT NULL, unsupported INTEGER NOT NULL,
  PRIMARY KEY (at, part, name)
) STRICT, WITHOUT ROWID;
