-- All sites, as they are today; migrations/NNN.sql lead to it from the first that was (shape.version). The same tables and columns as in
-- ../schema.sql, and what each is stands there as well; before every key stands the site. Whoever asks sees one site alone: the one that
-- auscult.site says of the session, and without it none.

CREATE DOMAIN words AS text COLLATE "C"; -- In the order of code units, as SQLite has it.

CREATE TABLE shape (
  version integer NOT NULL
);

CREATE TABLE site (
  number integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  name words NOT NULL UNIQUE
);

CREATE FUNCTION ours() RETURNS integer STABLE PARALLEL SAFE LANGUAGE sql
  AS $$ SELECT current_setting('auscult.site')::integer $$;

-- Heard: only batches write it. ---------------------------------------------------------------------------------------------

CREATE TABLE about (
  site integer NOT NULL DEFAULT ours(),
  -- site; hash_key, for hashes that are compared and never printed; derived: what worked out all devices, "partly" while some are not;
  -- change_head: number and hash of the last change; written: how often, for who reads along; standing: how its core says it stands
  key words NOT NULL,
  value words NOT NULL,
  PRIMARY KEY (site, key)
);

CREATE TABLE run (
  site integer NOT NULL DEFAULT ours(),
  number bigint NOT NULL,
  run words NOT NULL,  -- the identity of a file, or drawn at each start of a live sensor
  sensor words NOT NULL,
  input words NOT NULL,  -- interface, or file without its folder
  live bigint NOT NULL,
  sequence bigint NOT NULL,  -- highest batch stored without a gap below it
  beyond words NOT NULL DEFAULT '[]', -- JSON: [[from, to], …] of those stored above a gap
  missing bigint NOT NULL,  -- batches never seen though later ones came
  state words NOT NULL,  -- reading, whole, half-read, listening, ended
  trouble words NOT NULL,  -- why it is half-read; '' otherwise
  first bigint, last bigint,
  frames bigint NOT NULL, bytes bigint NOT NULL, last_frame bigint NOT NULL,
  drops bigint NOT NULL, duplicates bigint NOT NULL, gaps bigint NOT NULL,
  counts words NOT NULL,  -- JSON: every other sum of FrameCounts and LossCounts, as in model/batch.ts
  PRIMARY KEY (site, number),
  UNIQUE (site, run)
);

CREATE TABLE endpoint (
  site integer NOT NULL DEFAULT ours(),
  number bigint NOT NULL,  -- from 1, in order of arrival
  space bigint NOT NULL,
  mac words, ip words, child words,
  frames bigint NOT NULL, bytes bigint NOT NULL,
  first bigint NOT NULL, last bigint NOT NULL,
  ttls bigint NOT NULL,
  days_low bigint NOT NULL, days_high bigint NOT NULL,
  PRIMARY KEY (site, number)
);

CREATE TABLE claim (
  site integer NOT NULL DEFAULT ours(),
  endpoint bigint NOT NULL, attribute words NOT NULL, value words NOT NULL, protocol words NOT NULL,
  via bigint NOT NULL,  -- endpoint that said it, 0 when it said so itself
  first bigint NOT NULL, last bigint NOT NULL, count bigint NOT NULL,
  witness words
);
-- A value may be longer than an index takes: it is told from others by its hash, also where rows are joined (dialect.ts).
CREATE UNIQUE INDEX claim_key ON claim (site, endpoint, attribute, md5(value), protocol, via);
-- What a person said of a device is found again by its serial.
CREATE INDEX claim_by_serial ON claim USING hash (value) WHERE attribute = 'serial';

CREATE TABLE conversation (
  site integer NOT NULL DEFAULT ours(),
  client bigint NOT NULL, server bigint NOT NULL, transport words NOT NULL, port bigint NOT NULL, protocol words NOT NULL,
  sensor words NOT NULL,
  operations words NOT NULL,  -- space between them, sorted
  packets_to_server bigint NOT NULL, packets_to_client bigint NOT NULL,
  bytes_to_server bigint NOT NULL, bytes_to_client bigint NOT NULL,
  answered bigint NOT NULL, refused bigint NOT NULL,
  first bigint NOT NULL, last bigint NOT NULL,
  side words NOT NULL, encrypted bigint NOT NULL,
  days_low bigint NOT NULL, days_high bigint NOT NULL, weeks_low bigint NOT NULL, weeks_high bigint NOT NULL, hours bigint NOT NULL,
  PRIMARY KEY (site, client, server, transport, port, protocol, sensor)
);
-- Holds the whole key, so that who talked to a server is read from it alone.
CREATE INDEX conversation_by_server ON conversation (site, server);

-- Conversations summed by server: what a machine serves, without a look at each of its thousand clients.
CREATE TABLE served (
  site integer NOT NULL DEFAULT ours(),
  server bigint NOT NULL, transport words NOT NULL, port bigint NOT NULL, protocol words NOT NULL,
  answered bigint NOT NULL,
  PRIMARY KEY (site, server, transport, port, protocol)
);

CREATE TABLE attempt (
  site integer NOT NULL DEFAULT ours(),
  client bigint NOT NULL, server bigint NOT NULL, transport words NOT NULL,
  count bigint NOT NULL, ports words NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
  PRIMARY KEY (site, client, server, transport)
);

CREATE TABLE signal (
  site integer NOT NULL DEFAULT ours(),
  at bigint NOT NULL, kind words NOT NULL, sender bigint NOT NULL, receiver bigint NOT NULL, segment words NOT NULL, what words NOT NULL,
  run bigint NOT NULL,
  count bigint NOT NULL, distinct_count bigint NOT NULL, failed bigint NOT NULL, amount bigint NOT NULL, witness words,
  PRIMARY KEY (site, at, kind, sender, receiver, segment, what, run)
);

CREATE TABLE note (
  site integer NOT NULL DEFAULT ours(),
  number bigint NOT NULL, input words NOT NULL, words words NOT NULL,
  PRIMARY KEY (site, number)
);
CREATE UNIQUE INDEX note_key ON note (site, input, md5(words));

-- Seen: what watches made of what was heard, as it came. What makes them up is let go sooner, so they are kept and not derived. -----

CREATE TABLE finding (
  site integer NOT NULL DEFAULT ours(),
  id words NOT NULL,  -- from site, detector, story and the second of its first evidence: the same when a capture is read again
  detector words NOT NULL,  -- by its name; family, title and remedy are the detector's
  key words NOT NULL,  -- whom the detector tells apart, and the story within: acknowledged and explained by it
  about bigint NOT NULL,  -- endpoint; 0: a whole segment
  severity words NOT NULL,  -- as it was claimed; who is hit may raise it
  first bigint NOT NULL, last bigint NOT NULL, count bigint NOT NULL,
  summary words NOT NULL,  -- its first line, which stays
  because words NOT NULL,  -- JSON: [{ at, text }, …], oldest first
  others words NOT NULL,  -- JSON: endpoints on the other side, the first ones
  others_beyond bigint NOT NULL, -- and how many more
  witnesses words NOT NULL,  -- JSON: [[input, …], …] as in model/finding.ts
  rhythm words NOT NULL,  -- JSON: the last gaps in seconds: how long a silence ends it
  before words,  -- the finding of the same key before it
  PRIMARY KEY (site, id)
);
CREATE INDEX finding_by_about ON finding (site, about);
-- What a watch remembers of each of those it tells apart, stored with the batch that changed it.
CREATE TABLE finding_memory (
  site integer NOT NULL DEFAULT ours(),
  detector words NOT NULL, subject words NOT NULL,
  last bigint NOT NULL,
  memory words NOT NULL,  -- JSON, as the watch has it
  PRIMARY KEY (site, detector, subject)
);

-- What the fleet came to on a day. Kept, not derived: what it was made of goes on.
CREATE TABLE daily (
  site integer NOT NULL DEFAULT ours(),
  at bigint NOT NULL,  -- the last moment of that day that was heard
  part words NOT NULL, name words NOT NULL, -- all, or a ward or kind by its name; '' where nobody knows it
  devices bigint NOT NULL,
  patient bigint NOT NULL, device bigint NOT NULL, network bigint NOT NULL, -- points of risk, added
  high bigint NOT NULL, exposed bigint NOT NULL, affected bigint NOT NULL, possible bigint NOT NULL, unsupported bigint NOT NULL,
  PRIMARY KEY (site, at, part, name)
);

-- Said: only people write it, each row chained to the one before. -----------------------------------------------------------

-- Of a finding (what: finding) `about` is detector and key, `value` the word and what the finding was by then: store/finding-words.ts.
-- Of a weakness (what: weakness) `attribute` is its name, `about` the device's keys, or maker and model: store/weakness-words.ts.
-- Of scanning (what: scanning) `about` is the device's keys, or an address or network: store/do-not-scan-words.ts.
-- A list's own row (what: list) counts in `value` the rows after it that are its words: taken back, it takes them back with it.
CREATE TABLE change (
  site integer NOT NULL DEFAULT ours(),
  number bigint NOT NULL,
  at bigint NOT NULL,  -- the wall clock: when a person said it
  who words NOT NULL,
  what words NOT NULL,  -- say, take back, undo, merge, split
  about words NOT NULL,  -- JSON: the keys of the device known then, strongest first
  attribute words NOT NULL, value words NOT NULL, reason words NOT NULL,
  undoes bigint,
  hash words NOT NULL,  -- HMAC-SHA-256 over the row and the hash of the one before
  PRIMARY KEY (site, number)
);
CREATE FUNCTION what_was_said_stays() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'what was said is not changed, and not removed'; END $$;
CREATE TRIGGER change_stays BEFORE UPDATE OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION what_was_said_stays();

-- Derived: may be thrown away, and is worked out anew from the other two. -----------------------------------------------------

CREATE TABLE device (
  site integer NOT NULL DEFAULT ours(),
  id bigint NOT NULL,  -- the lowest number of its endpoints; shown as "d12"
  name words NOT NULL, name_key words NOT NULL,
  kind words, kind_lead bigint, maker words, maker_lead bigint, model words, model_lead bigint,
  serial words, serial_lead bigint, udi words, udi_lead bigint, software words, software_lead bigint,
  os words, os_lead bigint, location words, location_lead bigint,
  "controlNumber" words, owner words, status words, -- said, or of an imported list; nothing that is heard says it
  said words NOT NULL,  -- JSON: attribute to who said it; '{}' mostly
  against words NOT NULL,  -- JSON: attribute to the runner-up where sources disagree; '{}' mostly
  names words NOT NULL,  -- JSON: [[value, lead], …], surest first
  life_critical words NOT NULL, standing words NOT NULL,
  macs words NOT NULL, ips words NOT NULL,  -- JSON lists
  ip_key bytea,  -- 16 bytes of its first address (IPv4 mapped), for order and CIDR
  first bigint NOT NULL, last bigint NOT NULL, frames bigint NOT NULL, bytes bigint NOT NULL,
  days_low bigint NOT NULL, days_high bigint NOT NULL,
  services bigint NOT NULL, peers bigint NOT NULL,
  words words NOT NULL,  -- all of it in lower case, for plain search
  PRIMARY KEY (site, id)
);

CREATE TABLE device_endpoint (
  site integer NOT NULL DEFAULT ours(),
  endpoint bigint NOT NULL, device bigint NOT NULL,
  PRIMARY KEY (site, endpoint)
);
CREATE INDEX device_endpoint_by_device ON device_endpoint (site, device);

-- Devices of several cards or addresses that what they said makes one machine.
CREATE TABLE joined (
  site integer NOT NULL DEFAULT ours(),
  device bigint NOT NULL,
  keys words NOT NULL,  -- JSON: [{ by, value, addresses }, …], as in model/device.ts
  PRIMARY KEY (site, device)
);

-- Devices that are as they are because a person merged or split, and by which change.
CREATE TABLE divided (
  site integer NOT NULL DEFAULT ours(),
  change bigint NOT NULL, device bigint NOT NULL,
  PRIMARY KEY (site, change, device)
);

-- What a person said that waits, since it fits so many devices now: none, or several.
CREATE TABLE waiting (
  site integer NOT NULL DEFAULT ours(),
  change bigint NOT NULL, fits bigint NOT NULL,
  PRIMARY KEY (site, change)
);

-- Numbered within the site, which one core writes at a time.
CREATE FUNCTION next_run() RETURNS bigint LANGUAGE sql AS $$ SELECT coalesce(max(number), 0) + 1 FROM run $$;
CREATE FUNCTION next_note() RETURNS bigint LANGUAGE sql AS $$ SELECT coalesce(max(number), 0) + 1 FROM note $$;
ALTER TABLE run ALTER number SET DEFAULT next_run();
ALTER TABLE note ALTER number SET DEFAULT next_note();
