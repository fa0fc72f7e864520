-- A recording, as it is today; migrations/NNN.sql lead to it (user_version). Every key begins with what is written in its order.
-- Times are microseconds since 1970 by the packets' clock. Bit sets of days are two 32-bit numbers, newest day lowest.

-- Heard: only batches write it. ---------------------------------------------------------------------------------------------

CREATE TABLE about (
  -- site; hash_key, for hashes that are compared and never printed; derived: what worked out all devices, "partly" while some are not;
  -- change_head: number and hash of the last change
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,       -- the identity of a file, or drawn at each start of a live sensor
  sensor TEXT NOT NULL,
  input TEXT NOT NULL,            -- interface, or file without its folder
  live INTEGER NOT NULL,
  sequence INTEGER NOT NULL,      -- highest batch stored without a gap below it
  beyond TEXT NOT NULL DEFAULT '[]', -- JSON: [[from, to], …] of those stored above a gap
  missing INTEGER NOT NULL,       -- batches never seen though later ones came
  state TEXT NOT NULL,            -- reading, whole, half-read, listening, ended
  trouble TEXT NOT NULL,          -- why it is half-read; '' otherwise
  first INTEGER, last INTEGER,
  frames INTEGER NOT NULL, bytes INTEGER NOT NULL, last_frame INTEGER NOT NULL,
  drops INTEGER NOT NULL, duplicates INTEGER NOT NULL, gaps INTEGER NOT NULL,
  counts TEXT NOT NULL            -- JSON: every other sum of FrameCounts and LossCounts, as in model/batch.ts
) STRICT;

CREATE TABLE endpoint (
  number INTEGER PRIMARY KEY,     -- from 1, in order of arrival
  space INTEGER NOT NULL,
  mac TEXT, ip TEXT, child TEXT,
  frames INTEGER NOT NULL, bytes INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL,
  ttls INTEGER NOT NULL,
  days_low INTEGER NOT NULL, days_high INTEGER NOT NULL
) STRICT;

CREATE TABLE claim (
  endpoint INTEGER NOT NULL, attribute TEXT NOT NULL, value TEXT NOT NULL, protocol TEXT NOT NULL,
  via INTEGER NOT NULL,           -- endpoint that said it, 0 when it said so itself
  first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
  witness TEXT,
  PRIMARY KEY (endpoint, attribute, value, protocol, via)
) STRICT, WITHOUT ROWID;
-- What a person said of a device is found again by its serial.
CREATE INDEX claim_by_serial ON claim (value) WHERE attribute = 'serial';

CREATE TABLE conversation (
  client INTEGER NOT NULL, server INTEGER NOT NULL, transport TEXT NOT NULL, port INTEGER NOT NULL, protocol TEXT NOT NULL,
  sensor TEXT NOT NULL,
  operations TEXT NOT NULL,       -- space between them, sorted
  packets_to_server INTEGER NOT NULL, packets_to_client INTEGER NOT NULL,
  bytes_to_server INTEGER NOT NULL, bytes_to_client INTEGER NOT NULL,
  answered INTEGER NOT NULL, refused INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL,
  side TEXT NOT NULL, encrypted INTEGER NOT NULL,
  days_low INTEGER NOT NULL, days_high INTEGER NOT NULL, weeks_low INTEGER NOT NULL, weeks_high INTEGER NOT NULL, hours INTEGER NOT NULL,
  PRIMARY KEY (client, server, transport, port, protocol, sensor)
) STRICT, WITHOUT ROWID;
-- Holds the whole key, so that who talked to a server is read from it alone.
CREATE INDEX conversation_by_server ON conversation (server);

-- Conversations summed by server: what a machine serves, without a look at each of its thousand clients.
CREATE TABLE served (
  server INTEGER NOT NULL, transport TEXT NOT NULL, port INTEGER NOT NULL, protocol TEXT NOT NULL,
  answered INTEGER NOT NULL,
  PRIMARY KEY (server, transport, port, protocol)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
  client INTEGER NOT NULL, server INTEGER NOT NULL, transport TEXT NOT NULL,
  count INTEGER NOT NULL, ports TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (client, server, transport)
) STRICT, WITHOUT ROWID;

CREATE TABLE signal (
  at INTEGER NOT NULL, kind TEXT NOT NULL, sender INTEGER NOT NULL, receiver INTEGER NOT NULL, segment TEXT NOT NULL, what TEXT NOT NULL,
  run INTEGER NOT NULL,
  count INTEGER NOT NULL, distinct_count INTEGER NOT NULL, failed INTEGER NOT NULL, amount INTEGER NOT NULL, witness TEXT,
  PRIMARY KEY (at, kind, sender, receiver, segment, what, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  number INTEGER PRIMARY KEY, input TEXT NOT NULL, words TEXT NOT NULL, UNIQUE (input, words)
) STRICT;

-- Seen: what watches made of what was heard, as it came. What makes them up is let go sooner, so they are kept and not derived. -----

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
-- What a watch remembers of each of those it tells apart, stored with the batch that changed it.
CREATE TABLE finding_memory (
  detector TEXT NOT NULL, subject TEXT NOT NULL,
  last INTEGER NOT NULL,
  memory TEXT NOT NULL,           -- JSON, as the watch has it
  PRIMARY KEY (detector, subject)
) STRICT, WITHOUT ROWID;

-- What the fleet came to on a day. Kept, not derived: what it was made of goes on.
CREATE TABLE daily (
  at INTEGER NOT NULL,            -- the last moment of that day that was heard
  part TEXT NOT NULL, name TEXT NOT NULL, -- all, or a ward or kind by its name; '' where nobody knows it
  devices INTEGER NOT NULL,
  patient INTEGER NOT NULL, device INTEGER NOT NULL, network INTEGER NOT NULL, -- points of risk, added
  high INTEGER NOT NULL, exposed INTEGER NOT NULL, affected INTEGER NOT NULL, possible INTEGER NOT NULL, unsupported INTEGER NOT NULL,
  PRIMARY KEY (at, part, name)
) STRICT, WITHOUT ROWID;

-- Said: only people write it, each row chained to the one before. -----------------------------------------------------------

-- Of a finding (what: finding) `about` is detector and key, `value` the word and what the finding was by then: store/finding-words.ts.
-- Of a weakness (what: weakness) `attribute` is its name, `about` the device's keys, or maker and model: store/weakness-words.ts.
-- Of scanning (what: scanning) `about` is the device's keys, or an address or network: store/do-not-scan-words.ts.
-- A list's own row (what: list) counts in `value` the rows after it that are its words: taken back, it takes them back with it.
CREATE TABLE change (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,            -- the wall clock: when a person said it
  who TEXT NOT NULL,
  what TEXT NOT NULL,             -- say, take back, undo, merge, split
  about TEXT NOT NULL,            -- JSON: the keys of the device known then, strongest first
  attribute TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL,
  undoes INTEGER,
  hash TEXT NOT NULL              -- HMAC-SHA-256 over the row and the hash of the one before
) STRICT;
CREATE TRIGGER change_is_not_changed BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'what was said is not changed'); END;
CREATE TRIGGER change_is_not_removed BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'what was said is not removed'); END;

-- Derived: may be thrown away, and is worked out anew from the other two. -----------------------------------------------------

CREATE TABLE device (
  id INTEGER PRIMARY KEY,         -- the lowest number of its endpoints; shown as "d12"
  name TEXT NOT NULL, name_key TEXT NOT NULL,
  kind TEXT, kind_lead INTEGER, maker TEXT, maker_lead INTEGER, model TEXT, model_lead INTEGER,
  serial TEXT, serial_lead INTEGER, udi TEXT, udi_lead INTEGER, software TEXT, software_lead INTEGER,
  os TEXT, os_lead INTEGER, location TEXT, location_lead INTEGER,
  controlNumber TEXT, owner TEXT, status TEXT, -- said, or of an imported list; nothing that is heard says it
  said TEXT NOT NULL,             -- JSON: attribute to who said it; '{}' mostly
  against TEXT NOT NULL,          -- JSON: attribute to the runner-up where sources disagree; '{}' mostly
  names TEXT NOT NULL,            -- JSON: [[value, lead], …], surest first
  life_critical TEXT NOT NULL, standing TEXT NOT NULL,
  macs TEXT NOT NULL, ips TEXT NOT NULL,   -- JSON lists
  ip_key BLOB,                    -- 16 bytes of its first address (IPv4 mapped), for order and CIDR
  first INTEGER NOT NULL, last INTEGER NOT NULL, frames INTEGER NOT NULL, bytes INTEGER NOT NULL,
  days_low INTEGER NOT NULL, days_high INTEGER NOT NULL,
  services INTEGER NOT NULL, peers INTEGER NOT NULL,
  words TEXT NOT NULL             -- all of it in lower case, for plain search
) STRICT;

CREATE TABLE device_endpoint (
  endpoint INTEGER PRIMARY KEY, device INTEGER NOT NULL
) STRICT;
CREATE INDEX device_endpoint_by_device ON device_endpoint (device);

-- Devices of several cards or addresses that what they said makes one machine.
CREATE TABLE joined (
  device INTEGER PRIMARY KEY,
  keys TEXT NOT NULL              -- JSON: [{ by, value, addresses }, …], as in model/device.ts
) STRICT;

-- Devices that are as they are because a person merged or split, and by which change.
CREATE TABLE divided (
  change INTEGER NOT NULL, device INTEGER NOT NULL,
  PRIMARY KEY (change, device)
) STRICT, WITHOUT ROWID;

-- What a person said that waits, since it fits so many devices now: none, or several.
CREATE TABLE waiting (
  change INTEGER PRIMARY KEY, fits INTEGER NOT NULL
) STRICT;
