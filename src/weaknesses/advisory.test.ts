import assert from "node:assert/strict";
import { test } from "node:test";
import type { Advisory } from "../knowledge/advisories.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import type { Examined, FleetDevice } from "../model/weakness.ts";
import { fleetDevice, known, told } from "../testing/fleet.ts";
import { advisory, advisoriesOf } from "./advisory.ts";

/** `ICSMA-20-254-01 possible high model: CVE-…, CVE-…`. */
function lines(it: Partial<FleetDevice>, examine: (device: FleetDevice) => Iterable<Examined> = named): string[] {
  return [...examine(fleetDevice(it))].map(
    ({ name, answer, severity, advisory }) => `${name} ${answer} ${severity} ${advisory!.level}: ${advisory!.cves.join(", ")}`,
  );
}
const named = (device: FleetDevice) => advisory.examine(device);

const only = (all: readonly string[], id: string) => all.filter((it) => it.startsWith(`${id} `));
const alaris = { maker: known("BD"), model: known("Alaris PC Unit 8015") };
const software = (value: string) => ({ said: [told("software", value, "dpws")] });

test("a model and a version that an advisory names are affected, a later version is not, an unheard one is possible", () => {
  assert.deepEqual(only(lines({ ...alaris, ...software("12.1.3") }), "ICSMA-23-194-01"), ["ICSMA-23-194-01 affected high model: CVE-2023-30559, CVE-2023-30560, CVE-2023-30561, CVE-2023-30562, CVE-2023-30563, CVE-2023-30564, CVE-2023-30565, CVE-2018-1285"]); // prettier-ignore
  assert.deepEqual(only(lines({ ...alaris, ...software("12.3") }), "ICSMA-23-194-01"), []);
  assert.match(only(lines(alaris), "ICSMA-23-194-01").join(), /^ICSMA-23-194-01 possible/);
  const [weakness] = [...advisory.examine(fleetDevice({ ...alaris, ...software("Alaris 12.1.3") }))].filter(({ name }) => name === "ICSMA-23-194-01"); // prettier-ignore
  assert.equal(weakness?.advisory?.theirVersion, "<=12.1.3");
  assert.equal(weakness?.advisory?.ourVersion, "Alaris 12.1.3");
  assert.deepEqual(weakness?.because.map(({ text }) => text), [
    "It is Alaris PC Unit 8015 of BD",
    'ICSMA-23-194-01 names BD Alaris Point-of-Care Unit (PCU) Model 8015, versions "<=12.1.3"; it says "Alaris 12.1.3"',
  ]); // prettier-ignore
});

test("only the maker, or a model nobody named, is nothing to say", () => {
  assert.deepEqual(lines({ maker: known("BD") }), []);
  assert.deepEqual(lines({ maker: known("BD"), model: known("Alaris 9999") }), []);
  assert.deepEqual(
    lines({ maker: known("Philips"), model: known("Alaris PC Unit 8015"), ...software("12.1.3") }),
    [],
    "another maker's model",
  );
  assert.deepEqual(lines({ model: known("X2") }), [], "a short model without its maker");
  assert.deepEqual(lines({ maker: known("Philips"), kind: known("patient monitor"), ...software("M.00.04") }), []);
});

test("what is probably so is never more than possible", () => {
  for (const it of [
    { ...alaris, model: known("Alaris PC Unit 8015", 10) },
    { maker: known("Philips", 10), model: known("X2") },
  ])
    for (const line of lines({ ...it, ...software("9.5") })) assert.match(line, / possible /);
  assert.deepEqual(lines({ ...alaris, model: known("Alaris PC Unit 8015", 4) }), [], "what is not known is not held against anything");
});

test("revisions of letters, whole families and models of one family", () => {
  const monitor = (model: string, version: string) => lines({ maker: known("Philips"), model: known(model), said: [told("software", version, "intellivue")] }); // prettier-ignore
  assert.match(only(monitor("IntelliVue MX800", "M.04.01"), "ICSMA-20-254-01").join(), / affected medium model/);
  assert.deepEqual(only(monitor("IntelliVue MX800", "P.00.01"), "ICSMA-20-254-01"), []);
  assert.match(only(monitor("MX800", "4.2"), "ICSMA-20-254-01").join(), / possible /, "of another shape");
  assert.match(only(lines({ maker: known("Baxter"), model: known("Spectrum IQ") }), "ICSMA-22-251-01").join(), / possible \w+ family/);
});

test("a program of its own is no version of the device, and neither are two at once", () => {
  assert.match(only(lines({ ...alaris, said: [told("serverBanner", "Apache/2.4", "http"), told("software", "12.3", "syslog")] }), "ICSMA-23-194-01").join(), / possible /); // prettier-ignore
  assert.match(only(lines({ ...alaris, said: [told("software", "12.3", "dpws"), told("software", "9.5", "dpws")] }), "ICSMA-23-194-01").join(), / possible /); // prettier-ignore
  assert.deepEqual(
    only(lines({ ...alaris, software: { ...known("12.3"), saidBy: "M. Weber" } }), "ICSMA-23-194-01"),
    [],
    "a person's word",
  );
  const first = { first: 1_000_000, last: 2_000_000 };
  assert.deepEqual(only(lines({ ...alaris, said: [told("software", "12.1.3", "dpws", first), told("software", "12.3", "dpws")] }), "ICSMA-23-194-01"), [], "mended since"); // prettier-ignore
});

test("a program within, by its own word", () => {
  const dicom = (value: string) => lines({ said: [told("dicomImplementation", value, "dicom")] });
  assert.deepEqual(dicom("1.2.276.0.7230010.3.0.3.6.6 OFFIS_DCMTK_366").map((it) => it.slice(0, 36)), ["ICSMA-22-174-01 affected high compon", "ICSMA-26-181-01 affected critical co"]); // prettier-ignore
  assert.equal(only(dicom("1.2.276.0.7230010.3.0.3.6.7 OFFIS_DCMTK_367"), "ICSMA-22-174-01").length, 0);
  assert.match(dicom("1.2.276.0.7238010.5.0.3.5.4 OSIRIX").join(), /^ICSMA-25-128-01 possible/);
  assert.deepEqual(dicom("1.2.40.0.13.1.3 dcm4che-5.22.1"), []);
  assert.match(lines({ said: [told("realm", "Orthanc Secure Area", "http")] }).join(), /^ICSMA-25-037-02 possible critical component/);
});

const published = (id: string, version: string, vendor = "Philips"): Advisory => ({
  id,
  title: `${id} (Update B)`,
  updated: "2026-01-01",
  products: [
    { vendor, product: "IntelliVue X2", version },
    { vendor, product: "IntelliVue X3", version: "vers:all/*" },
  ],
  vulnerabilities: [
    { cve: "CVE-2026-0001", cvss: 9.8, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", affects: [0], spares: [] },
    { cve: "CVE-2026-0002", cvss: 5, vector: "CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", affects: [1], spares: [] },
  ],
  fixedHints: ["Q.01"],
});
const knowing = (more: Partial<Knowledge>): Knowledge => Object.create(loadKnowledge(), Object.entries(more).reduce<PropertyDescriptorMap>((all, [key, value]) => ({ ...all, [key]: { value } }), {})) as Knowledge; // prettier-ignore

test("not every product of an advisory has every vulnerability, and two advisories for one are one weakness with both sources", () => {
  const examine = advisoriesOf(knowing({ advisories: [published("A-1", "<= N"), published("A-2", "<= B", "Phillips")], exploited: new Map([["CVE-2026-0001", { due: "2026-02-01", ransomware: true, vendor: "", product: "" }]]), likelihood: new Map([["CVE-2026-0002", 0.25]]) })); // prettier-ignore
  const device = { maker: known("Philips"), model: known("IntelliVue X2"), said: [told("software", "C.01", "intellivue")] };
  assert.deepEqual(lines(device, examine), ["A-1 affected critical model: CVE-2026-0001"]);
  const [x2] = [...examine(fleetDevice({ ...device, lifeCritical: "life-supporting" }))];
  assert.deepEqual(x2?.danger, {
    cvss: 9.8,
    vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    knownExploited: true,
    epss: null,
    worm: false,
  });
  assert.deepEqual(x2?.harms, ["device", "patient"]);
  assert.match(x2?.remedy ?? "", /name Q\.01\.$/);
  const x3 = { maker: known("Philips"), model: known("X3") };
  assert.deepEqual(lines(x3, examine), ["A-1 affected medium model: CVE-2026-0002"]);
  const [one] = [...examine(fleetDevice(x3))];
  assert.equal(one?.title, "An advisory on A-1", "products alone would read as if they were the weakness");
  assert.equal(one?.source, "A-1, updated 2026-01-01; A-2, updated 2026-01-01");
  assert.deepEqual(one?.because.map(({ text }) => text.slice(0, 9)), ["It is X3 ", "A-1 names", "A-2 names"]); // prettier-ignore
  assert.equal(one?.control, null, "whoever must stand before it is not kept off by the network");
  assert.equal(one?.danger?.epss, 0.25);
});

test("of two advisories for one vulnerability the surer answer counts, and what only the second tells of is its own", () => {
  const [first, second] = [published("A-1", "Rev Q (battery)"), published("A-2", "<= N")];
  const more = { ...second, vulnerabilities: [...second.vulnerabilities, { ...second.vulnerabilities[0]!, cve: "CVE-2026-0003" }] };
  const device = { maker: known("Philips"), model: known("IntelliVue X2"), said: [told("software", "C.01", "intellivue")] };
  assert.match(lines(device, advisoriesOf(knowing({ advisories: [first] }))).join(), /^A-1 possible/);
  assert.deepEqual(
    lines(device, advisoriesOf(knowing({ advisories: [first, more] }))).map((it) => it.replace(/ \w+ model/, "")),
    ["A-1 affected: CVE-2026-0001", "A-2 affected: CVE-2026-0003"],
  );
});

test("what its maker says it is free of is none, unless that is older than the advisory, or is said of another version", () => {
  const device = { maker: known("Philips"), model: known("IntelliVue X2"), said: [told("software", "C.01", "intellivue")] };
  const free = (version: string, updated: string): Advisory => ({
    ...published("PSA-1", version),
    updated,
    vulnerabilities: [{ cve: "CVE-2026-0001", cvss: null, vector: null, affects: [], spares: [0] }],
  });
  const left = (vex: Advisory, about: object = device) =>
    lines(about, advisoriesOf(knowing({ advisories: [published("A-1", "<= N"), vex] })));
  assert.deepEqual(left(free("vers:all/*", "2026-02-01")), []);
  assert.deepEqual(left(free("<= C", "2026-01-01")), []);
  for (const it of [free("vers:all/*", "2025-12-31"), free("<= B", "2026-02-01"), free("any (with battery)", "2026-02-01")])
    assert.match(left(it).join(), /^A-1 affected/, it.products[0]!.version);
  // It may be another model.
  assert.match(left(free("vers:all/*", "2026-02-01"), { ...device, model: known("IntelliVue X2", 10) }).join(), /^A-1 possible/);
});

test("a product nobody wrote a line for is the model that is called just so, of a maker in each of its spellings", () => {
  const named = (vendor: string, product: string): Advisory => ({ ...published("A-1", "vers:all/*"), products: [{ vendor, product, version: "vers:all/*" }, { vendor, product, version: "vers:all/*" }] }); // prettier-ignore
  const has = (vendor: string, product: string) => lines({ maker: known("Philips"), model: known("IntelliVue MX990") }, advisoriesOf(knowing({ advisories: [named(vendor, product)] }))); // prettier-ignore
  for (const vendor of ["Phillips", "PHILIPS", "Philips Medical Systems, Inc."]) assert.match(has(vendor, "Philips IntelliVue MX-990").join(), /^A-1 affected/, vendor); // prettier-ignore
  for (const [vendor, product] of [["Philip", "IntelliVue MX990"], ["Ph\u0456lips", "IntelliVue MX990"], ["Philips", "IntelliVue MX"], ["Philips", "IntelliVue MX9901"], ["Philips", "MX"], ["GE Healthcare", "IntelliVue MX990"]] as const) assert.deepEqual(has(vendor, product), [], `${vendor} ${product}`); // prettier-ignore
});
