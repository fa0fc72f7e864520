/** What a version of nats-server means for us: known holes, and what an acknowledgment of it is worth. */

export interface Hole {
  readonly name: string;
  /** What it is, and what of ours stands against it. */
  readonly words: string;
}

/** Where consumers have names and messages are pulled as we do; older ones were not tried. */
export const SERVER_NEEDED = "2.9.0";
const SYNCS_SINCE = "2.10.0";

type Version = readonly [number, number, number];

/** Fixed in the first version of each line that is not below it. */
const HOLES: readonly (Hole & { readonly since: string; readonly fixed: readonly string[] })[] = [
  // https://advisories.nats.io/CVE/secnote-2023-01.txt
  {
    name: "CVE-2023-47090",
    since: "2.2.0",
    fixed: ["2.9.23", "2.10.2"],
    words:
      "with an authorization block and only the system account named, anyone connects: our configuration names a second account and has no such block",
  },
  // https://github.com/nats-io/nats-server/security/advisories/GHSA-fhg8-qxh5-7q3w
  {
    name: "CVE-2025-30215",
    since: "2.2.0",
    fixed: ["2.10.27", "2.11.1"],
    words: "whoever may publish to $JS.API.> may purge any account: our configuration gives that to nobody",
  },
  // https://jepsen.io/analyses/nats-2.12.1
  {
    name: "lost streams",
    since: "2.10.20",
    fixed: ["2.10.23"],
    words: "a stream may be gone after the server was killed: the core makes it again, and sensors send again what was not committed",
  },
];

export function holesOf(version: string): readonly Hole[] {
  const own = versionOf(version);
  if (own === null) return [];
  return HOLES.filter(({ since, fixed }) => !isBelow(own, versionOf(since)!) && !isFixed(own, fixed));
}

export function isNewEnough(version: string): boolean {
  const own = versionOf(version);
  return own !== null && !isBelow(own, versionOf(SERVER_NEEDED)!);
}

export function canSync(version: string): boolean {
  const own = versionOf(version);
  return own !== null && !isBelow(own, versionOf(SYNCS_SINCE)!);
}

/** Of one node or three. */
export function acknowledgmentWords(version: string, replicas: number): string {
  const kept = replicas > 1 ? `${replicas} nodes have it` : "one node has it";
  const written = canSync(version)
    ? "on disk where sync_interval is always, as broker configure writes it; else in memory for up to 2 minutes"
    : "in memory, on disk within about 2 minutes: this version cannot be told to write at once, so a power cut of all nodes may lose what it acknowledged";
  return `an acknowledgment means that ${kept}, ${written}. Sensors keep each batch until the core has committed it, so it costs time and no batch`;
}

/** Null where it is none. */
export function versionOf(text: string): Version | null {
  const [, major, minor, patch] = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

/** A line of versions (2.9, 2.10) has its own fix; one newer than all of them was never open. */
function isFixed(own: Version, fixed: readonly string[]): boolean {
  const versions = fixed.map((it) => versionOf(it)!);
  const ofItsLine = versions.find(([major, minor]) => major === own[0] && minor === own[1]);
  return ofItsLine === undefined ? versions.every((it) => !isBelow(own, it)) : !isBelow(own, ofItsLine);
}

function isBelow(a: Version, b: Version): boolean {
  for (let place = 0; place < a.length; place++) if (a[place] !== b[place]) return a[place]! < b[place]!;
  return false;
}
