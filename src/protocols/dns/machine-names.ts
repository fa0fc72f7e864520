/**
 * Names that machines ask for without anybody's wish: is there an internet, what time is it, is there something new. They identify
 * a system; every other name would only say what a person read, and is not kept.
 */
export function isAskedByMachines(name: string): boolean {
  if (PORTALS.has(name) || SYSTEM_SUFFIXES.some((suffix) => name.endsWith(suffix))) return true;
  const dot = name.indexOf(".");
  return dot > 0 && SERVICE_LABELS.has(name.slice(0, dot).replace(TRAILING_NUMBER, ""));
}

/** Portal checks: the makers' own pages on captive portals and connectivity name them. */
const PORTALS = new Set([
  "captive.apple.com",
  "clients3.google.com",
  "connectivity-check.ubuntu.com",
  "connectivitycheck.android.com",
  "connectivitycheck.gstatic.com",
  "detectportal.firefox.com",
  "dns.msftncsi.com",
  "ipv6.msftconnecttest.com",
  "ipv6.msftncsi.com",
  "nmcheck.gnome.org",
  "www.msftconnecttest.com",
  "www.msftncsi.com",
]);

/** Where systems fetch updates and time. */
const SYSTEM_SUFFIXES = [
  ".archive.ubuntu.com",
  ".debian.org",
  ".delivery.mp.microsoft.com",
  ".ntp.org",
  ".push.apple.com",
  ".update.microsoft.com",
  ".windowsupdate.com",
  "time.apple.com",
  "time.google.com",
  "time.windows.com",
];

/** First labels under which a maker, or the hospital itself, runs a service for machines. */
const SERVICE_LABELS = new Set([
  "wpad",
  "isatap",
  "ntp",
  "time",
  "update",
  "updates",
  "firmware",
  "fw",
  "ota",
  "telemetry",
  "provisioning",
  "tftp",
]);
const TRAILING_NUMBER = /-?\d{1,3}$/;
