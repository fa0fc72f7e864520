/** The whole text each scanner gets; who is left out is named, and a list of nobody is no list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecords } from "../bytes/csv.ts";
import type { DoNotScan, DoNotScanLine } from "../model/do-not-scan.ts";
import { HEARD_US } from "../testing/fleet.ts";
import { DO_NOT_SCAN_EXPORTERS, exportedList } from "./export.ts";
import { DAY_US } from "./lines.ts";

const line = (it: Partial<DoNotScanLine>): DoNotScanLine => ({
  about: it.device ?? "d7", device: "d7", name: "ICU pump 7", kind: "infusion pump", location: "ICU 3", lifeCritical: "therapy", state: "listed",
  addresses: ["10.0.0.7", "fd00::7"].map((ip) => ({ ip, since: HEARD_US - DAY_US, last: HEARD_US })), written: [],
  reasons: [{ by: "fragile kind", words: "it is an infusion pump: it treats a patient", source: "fragile.tsv, care therapy (U)", sure: true }],
  sure: true, confirmed: HEARD_US, ends: HEARD_US + 90 * DAY_US, word: null, ...it,
}); // prettier-ignore
const worn = (...ips: readonly string[]) => ips.map((ip) => ({ ip, since: HEARD_US, last: HEARD_US }));
const said = { word: "list", who: "Kim", reason: "the catheter laboratory", at: HEARD_US, until: null, change: 4 } as const;

const LINES = [
  line({}),
  line({ device: "d8", name: "MON-1", addresses: worn("10.0.0.8"), ends: HEARD_US + 1 }),
  line({ device: null, about: "10.9.0.0/24", name: "10.9.0.0/24", kind: null, location: null, lifeCritical: "other", addresses: [{ ip: "10.9.0.0/24", since: null, last: null }], reasons: [{ by: "person", words: said.reason, source: said.who, sure: true }], word: said }),
  line({ device: "d20", name: "old one", state: "ended", addresses: worn("10.0.0.20") }),
  line({ device: "d21", name: "child", state: "no address", addresses: [], confirmed: null, ends: null }),
  line({ device: "d22", name: "demonstrator", state: "taken off", addresses: worn("10.0.0.22") }),
]; // prettier-ignore
const list = (lines: readonly DoNotScanLine[]): DoNotScan => ({ at: HEARD_US, days: 90, devices: 40, lines });
const exported = (to: string, lines = LINES, empty = false) => exportedList(list(lines), { to, recording: "ward", empty });

const HEAD = [
  "# Do not scan: 3 lines, 4 addresses. Written by Auscult of the recording ward, as of 2026-11-23 08:00 UTC.",
  "# The first of them ends on 2026-11-23: export it again before, and whenever devices move.",
];
const BESIDE = [
  "# Not in it: 1 whose end has passed and whom somebody has to confirm: d20 old one.",
  "# Not in it: 1 not heard at any address, who cannot be excluded by one: d21 child.",
  "# Not in it: 1 whom a person took off: d22 demonstrator.",
];
const PUMP = "d7 ICU pump 7: it is an infusion pump: it treats a patient; last heard 2026-11-23; until 2027-02-21";
const MONITOR = "d8 MON-1: it is an infusion pump: it treats a patient; last heard 2026-11-23; until 2026-11-23";
const LABORATORY = "by a person: the catheter laboratory (Kim); said 2026-11-23; until 2027-02-21";

test("nmap: both families, with why behind each address", () => {
  assert.equal(exported("nmap").text, `${[...HEAD, ...BESIDE, `10.0.0.7 # ${PUMP}`, `fd00::7 # ${PUMP}`, `10.0.0.8 # ${MONITOR}`, `10.9.0.0/24 # ${LABORATORY}`].join("\n")}\n`); // prettier-ignore
});

test("Nessus: a rule an address, and what its form cannot hold is named in the file and beside it", () => {
  const left = "Not in it: 1 IPv6 address, which rules of a Nessus scanner (nessusd.rules) cannot hold, of d7 ICU pump 7.";
  const { text, notes } = exported("nessus");
  assert.equal(text, `${[HEAD[0]!.replace("4 addresses", "3 addresses"), HEAD[1], ...BESIDE, `# ${left}`, `# ${PUMP}`, "reject 10.0.0.7", `# ${MONITOR}`, "reject 10.0.0.8", `# ${LABORATORY}`, "reject 10.9.0.0/24"].join("\n")}\n`); // prettier-ignore
  assert.ok(notes.includes(left));
});

test("Tenable: one exclusion a line, networks as ranges", () => {
  assert.equal(
    exported("tenable").text,
    [
      "id,name,description,members,creation_date,last_modification_date",
      `,Auscult d7 ICU pump 7,${PUMP},"10.0.0.7,fd00::7",,`,
      `,Auscult d8 MON-1,${MONITOR},10.0.0.8,,`,
      `,Auscult 10.9.0.0/24,${LABORATORY},10.9.0.0-10.9.0.255,,`,
      "",
    ].join("\n"),
  );
});

test("Qualys: one request for each end, ranges joined, days until then", () => {
  const comment = (until: string, names: string) => encodeURIComponent(`Auscult, do-not-scan list of ward as of 2026-11-23, to be confirmed until ${until}: ${names}`); // prettier-ignore
  assert.equal(
    exported("qualys").text,
    `action=add&ips=10.0.0.8&expiry_days=1&comment=${comment("2026-11-23", "d8 MON-1")}\n` +
      `action=add&ips=10.0.0.7,10.9.0.0-10.9.0.255&expiry_days=90&comment=${comment("2027-02-21", "d7 ICU pump 7, by a person")}\n`,
  );
  const many = Array.from({ length: 1_200 }, (_, at) => line({ device: `d${at}`, addresses: worn(`10.${at >> 7}.${at & 127}.1`) }));
  const bodies = exported("qualys", many).text.trimEnd().split("\n").map((it) => new URLSearchParams(it)); // prettier-ignore
  assert.deepEqual(bodies.map((it) => it.get("ips")!.split(",").length), [500, 500, 200]); // prettier-ignore
  assert.ok(bodies.every((it) => it.get("comment")!.length <= 1_024));
  const rows = exported("qualys", [line({ addresses: worn("10.0.0.9", "10.0.0.8") }), line({ device: "d9", addresses: worn("10.0.0.10", "10.0.0.12", "10.0.0.9") })]); // prettier-ignore
  assert.match(rows.text, /ips=10\.0\.0\.8-10\.0\.0\.10,10\.0\.0\.12&/);
});

test("Rapid7: addresses and networks, each once", () => {
  assert.deepEqual(JSON.parse(exported("rapid7", [...LINES, line({ device: "d9", addresses: worn("10.0.0.8") })]).text), ["10.0.0.7", "fd00::7", "10.0.0.8", "10.9.0.0/24"]); // prettier-ignore
});

test("the tables have all lines, whatever their state", () => {
  const rows = csvRecords(exported("csv").text, ",");
  assert.deepEqual(rows.map((row) => `${row[0]} ${row[1]} ${row[6]} ${row[9]}`), [
    "state device addresses ends",
    "listed d7 10.0.0.7 fd00::7 2027-02-21",
    "listed d8 10.0.0.8 2026-11-23",
    "listed  10.9.0.0/24 2027-02-21",
    "ended d20 10.0.0.20 2027-02-21",
    "not heard, cannot be excluded by address d21  ",
    "taken off d22 10.0.0.22 2027-02-21",
  ]); // prettier-ignore
  const document = JSON.parse(exported("json").text) as { schema: string; lines: unknown };
  assert.deepEqual([document.schema, document.lines], ["auscult.do-not-scan/1", LINES]);
});

test("a device that calls itself what a scanner, a shell or a spreadsheet would take for its own is in no form more than words", () => {
  const name = "x\nreject 10.0.0.1\u2028'; rm -rf ~ #\u001b[31m";
  const hostile = [line({ name: `=HYPERLINK(1)${name}`, reasons: [{ by: "person", words: name, source: name, sure: true }] })];
  for (const to of DO_NOT_SCAN_EXPORTERS) {
    const { text } = exported(to, hostile);
    assert.doesNotMatch(text, /^reject 10\.0\.0\.1$/m, to);
    // oxlint-disable-next-line no-control-regex
    if (to !== "json") assert.doesNotMatch(text, /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u2028]/, to);
  }
  assert.doesNotMatch(exported("qualys", hostile).text, /['()]/);
  assert.match(exported("csv", hostile).text, /,'=HYPERLINK/);
  assert.equal(exported("nmap", hostile).text.split("\n").filter((it) => !it.startsWith("#")).length, 3); // prettier-ignore
});

test("nobody to write is refused, with who is beside it; asked for, it says so", () => {
  const none = LINES.slice(3);
  assert.throws(() => exported("nmap", none), /got none of 40 in the recording ward: nothing is written, since a scanner with an empty list asks everybody\. Not in it: 1 whose end/); // prettier-ignore
  assert.throws(() => exported("csv", []), /expected a device with an address/);
  assert.equal(csvRecords(exported("csv", none).text, ",").length, 4);
  assert.throws(
    () => exported("qualys", [line({ addresses: worn("fd00::7") })]),
    /Not in it: 1 IPv6 address, which excluded hosts of Qualys/,
  );
  assert.match(
    exported("nmap", none, true).text,
    /^# Do not scan: 0 lines, 0 addresses\..*\n# Nobody stands on it: this was asked for\.\n/,
  );
  assert.throws(() => exported("openvas"), /--to: expected one of nmap, nessus, tenable, qualys, rapid7, csv, json, got "openvas"/);
});
