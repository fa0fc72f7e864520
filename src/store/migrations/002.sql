-- What the hospital's own files say of a device has its columns.
CREATE TEMP TABLE device_before AS SELECT * FROM device;
DROP TABLE device;
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
INSERT INTO device (
  id, name, name_key, kind, kind_lead, maker, maker_lead, model, model_lead, serial, serial_lead, udi, udi_lead, software, software_lead, os, os_lead,
  location, location_lead, said, against, names, life_critical, standing, macs, ips, ip_key, first, last, frames, bytes, days_low, days_high,
  services, peers, words
)
SELECT
  id, name, name_key, kind, kind_lead, maker, maker_lead, model, model_lead, serial, serial_lead, udi, udi_lead, software, software_lead, os, os_lead,
  location, location_lead, said, against, names, life_critical, standing, macs, ips, ip_key, first, last, frames, bytes, days_low, days_high,
  services, peers, words
FROM device_before;
DROP TABLE device_before;
