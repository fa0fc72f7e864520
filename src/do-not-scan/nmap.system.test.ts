/** What the exclude file says is what nmap reads in it. `-sL -n` lists targets and sends nothing. Needs Debian's nmap. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import type { DoNotScanLine } from "../model/do-not-scan.ts";
import { HEARD_US } from "../testing/fleet.ts";
import { exportedList } from "./export.ts";

suite("nmap", { skip: findProgram("nmap") === undefined ? "needs nmap: NO EXCLUDE FILE READ" : false }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-nmap-"));
  after(() => rmSync(folder, { recursive: true }));

  const line = (device: string, name: string, ...ips: readonly string[]): DoNotScanLine => ({
    about: device, device, name, kind: null, location: null, lifeCritical: "therapy", state: "listed", written: [], sure: true, confirmed: HEARD_US,
    ends: HEARD_US + 1, word: null, reasons: [{ by: "fragile kind", words: "it treats a patient", source: "fragile.tsv", sure: true }],
    addresses: ips.map((ip) => ({ ip, since: null, last: null })),
  }); // prettier-ignore
  const file = join(folder, "exclude.txt");
  const lines = [
    line("d1", "pump7 10.0.0.3 # 10.0.0.4", "10.0.0.1", "2001:db8::1"),
    line("d2", "monitor\n10.0.0.5\t10.0.0.6", "10.0.0.8/30"),
    line("d3", "x".repeat(4_000), "2001:db8::4/126"),
  ];
  writeFileSync(file, exportedList({ at: HEARD_US, days: 90, devices: 3, lines }, { to: "nmap", recording: "ward", empty: false }).text);

  /** Those it would ask, by the end of their address. */
  const asked = (...targets: readonly string[]) => {
    const output = execFileSync("nmap", ["-sL", "-n", "--excludefile", file, ...targets], { encoding: "utf8" });
    return [...output.matchAll(/^Nmap scan report for .*[.:](\w+)$/gm)].map(([, end]) => end);
  };

  test("leaves out who stands in it, and nobody a device's name would add", () => {
    assert.deepEqual(asked("10.0.0.0/28"), ["0", "2", "3", "4", "5", "6", "7", "12", "13", "14", "15"]);
  });

  test("and over IPv6 by the same file", () => {
    assert.deepEqual(asked("-6", "2001:db8::/124"), ["2", "3", "8", "9", "a", "b", "c", "d", "e", "f"]);
  });
});
