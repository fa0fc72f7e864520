-- Devices that people merged and split, with what they said and fits no device; and why several cards are one machine.

CREATE TABLE joined (
  device INTEGER PRIMARY KEY,
  keys TEXT NOT NULL              -- JSON: [{ by, value, addresses }, …], as in model/device.ts
) STRICT;
CREATE TABLE divided (
  change INTEGER NOT NULL, device INTEGER NOT NULL,
  PRIMARY KEY (change, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE waiting (
  change INTEGER PRIMARY KEY, fits INTEGER NOT NULL
) STRICT;

-- Of devices that were worked out before nobody wrote why.
DELETE FROM about WHERE key = 'derived';
