import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sbom, SbomComponent } from "../model/paper.ts";
import { fleetDevice, known, told, weaknessLines } from "../testing/fleet.ts";
import { advisory } from "./advisory.ts";
import { examined } from "./examining.ts";
import { partInSbom } from "./part-in-sbom.ts";

const part = (name: string, version: string | null = null, of: SbomComponent["told"] = []): SbomComponent => ({ name, version, told: of });
const sbom = (components: readonly SbomComponent[], version: string | null = null): { readonly sbom: Sbom } => ({
  sbom: { kind: "sbom", day: "2026-05-01", version, components },
});
const heardVersion = (value: string) => ({ maker: known("Corvane"), model: known("M50"), said: [told("software", value, "dpws")] });

test("a part that the maker's SBOM names and CISA's catalogue has: possible, since that says no versions", () => {
  assert.deepEqual(weaknessLines(partInSbom, sbom([part("log4j-core", "2.14.1")], "L81")), [
    "part log4j-core possible high: The maker's SBOM of 2026-05-01 says that log4j-core 2.14.1 is in it; it is of version L81, and the device's was not heard; CISA KEV has CVE-2021-44228; CVE-2021-45046 of Apache Log4j2; it names no versions",
  ]);
  const [one] = examined(fleetDevice(sbom([part("Log4J-Core")])), [partInSbom]);
  assert.deepEqual([one?.danger.knownExploited, one?.source], [true, "the maker's SBOM of 2026-05-01; CISA KEV"]);
});

test("what the maker itself says of it: affected where the device says the very version, else possible; what it is free of is none", () => {
  const exploitable = part("acme-ssl", "1.0.1f", [{ cve: "CVE-2026-1000", state: "affected" }]);
  const answers = (component: SbomComponent, version: string | null, device: object = {}) => examined(fleetDevice({ ...device, ...sbom([component], version) }), [partInSbom]).map(({ answer }) => answer); // prettier-ignore
  assert.deepEqual(answers(exploitable, "12.1.3", heardVersion("12.1.3")), ["affected"]);
  assert.deepEqual(answers(exploitable, "v12.1.3", heardVersion("12.1.3")), ["affected"]);
  for (const [version, device] of [["12.1.3", heardVersion("12.1.4")], ["12.1.3", {}], [null, heardVersion("12.1.3")]] as const) assert.deepEqual(answers(exploitable, version, device), ["possible"]); // prettier-ignore
  assert.deepEqual(answers(part("acme-ssl", "1", [{ cve: "CVE-2026-1000", state: "possible" }]), "12.1.3", heardVersion("12.1.3")), [
    "possible",
  ]);
  assert.deepEqual(answers(part("acme-ssl", "1", [{ cve: "CVE-2026-1000", state: "free" }]), "12.1.3", heardVersion("12.1.3")), []);
  // The maker's word counts before the catalogue's, which knows no versions.
  const free = (cves: readonly string[]) => part("log4j-core", "2.17.1", cves.map((cve) => ({ cve, state: "free" }))); // prettier-ignore
  assert.deepEqual(answers(free(["CVE-2021-44228", "CVE-2021-45046"]), null), []);
  assert.deepEqual(answers(free(["CVE-2021-44228"]), null), ["possible"]);
});

test("a part of which nobody tells is none, nor is one whose name is a word of many, nor a device without an SBOM", () => {
  for (const name of ["left-pad", "core", "kernel", "Framework", "log4j-core-extras", "log4", "x".repeat(200), "toString", "__proto__"]) assert.deepEqual(weaknessLines(partInSbom, sbom([part(name, "1.0")])), [], name); // prettier-ignore
  assert.deepEqual(weaknessLines(partInSbom, {}), []);
});

test("an advisory on a part is held against the version that the SBOM says", () => {
  const lines = (version: string | null, of: string | null, device: object = {}) =>
    examined(fleetDevice({ ...device, ...sbom([part("dcmtk", version)], of) }), [advisory])
      .map(({ name, answer }) => `${name} ${answer}`)
      .toSorted();
  assert.deepEqual(lines("3.6.6", "12.1.3", heardVersion("12.1.3")), ["ICSMA-22-174-01 affected", "ICSMA-26-181-01 affected"]);
  assert.deepEqual(lines("3.6.6", null), ["ICSMA-22-174-01 possible", "ICSMA-26-181-01 possible"]);
  assert.ok(!lines("3.6.7", "12.1.3", heardVersion("12.1.3")).some((it) => it.startsWith("ICSMA-22-174-01")), "mended");
  const [one] = examined(fleetDevice(sbom([part("dcmtk", "3.6.6")])), [advisory]);
  assert.match(
    one?.because[0]?.text ?? "",
    /^The maker's SBOM of 2026-05-01 says that dcmtk 3\.6\.6 is in it; it does not say of which version$/,
  );
});
