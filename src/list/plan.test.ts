import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import { deviceLike, held, known, linesOf, type DeviceSketch } from "../testing/listed.ts";
import { planOf, wordsOf } from "./plan.ts";

const MAC = "00:09:fb:12:34:56";
const MONITOR: DeviceSketch = { id: "d1", name: "ICU-01", kind: "patient monitor", maker: "Philips", model: "IntelliVue MX800", serial: "DE0012345678", macs: [MAC], ips: ["10.0.0.7"] }; // prettier-ignore

test("heard and listed, listed only, heard only", () => {
  const plan = held("Asset,Serial,Manufacturer,Model\n1001,DE0012345678,Philips Medical Systems,MX800\n1002,DE0099999999,Philips,MX800\n", [
    MONITOR,
    { id: "d2", name: "LAB-1", serial: "X-77123" },
  ]);
  assert.deepEqual(linesOf(plan), [`2 matched d1; controlNumber "" → "1001"`, "3 listed only"]);
  assert.deepEqual(plan.heardOnly.map(({ id }) => id), ["d2"]); // prettier-ignore
  assert.deepEqual(wordsOf(plan), [{ device: "d1", attribute: "controlNumber", value: "1001", reason: "assets.csv, row 2" }]);
});

test("a serial number is the same with its prefix, without its zeros, with O for 0 and I for 1, where the maker agrees", () => {
  const devices = [{ ...MONITOR, serial: "0010203040" }];
  for (const serial of ["0010203040", "10203040", "SN: 0010203040", "S/N 10203040", "Serial No. 10203040", "OO1O2O3O4O", "ooI0203040", "001-020-3040"])
    assert.match(linesOf(held(`Serial;Maker\n${serial};Philips`, devices))[0]!, /^2 matched d1/, serial); // prettier-ignore
  assert.match(linesOf(held("Serial;Maker;Model\n10203041;Philips;MX800", devices))[0]!, /^2 listed only/);
  assert.match(linesOf(held("Serial;Location\n10203040;Ward 1", devices))[0]!, /^2 doubtful d1; only serial number, spelled otherwise/);
});

test("what is no serial number ties nobody: zeros, words, a number a spreadsheet rounded", () => {
  for (const serial of ["00000000", "N/A", "unknown", "123456789", "1.02E+09", "9999999", "-"])
    assert.deepEqual(linesOf(held(`Serial;Maker\n${serial};Philips`, [{ ...MONITOR, serial }])), ["2 listed only"], serial);
});

test("a card is known in any notation; of another maker, model or kind it is a person's to say", () => {
  for (const mac of [MAC, "00-09-FB-12-34-56", "0009.fb12.3456", "0009FB123456", "wlan 00:09:fb:99:99:99, lan 00:09:fb:12:34:56"])
    assert.match(linesOf(held(`MAC;Model\n"${mac}";MX800`, [MONITOR]))[0]!, /^2 matched d1/, mac);
  const doubtful = (row: string) => linesOf(held(`MAC;Maker;Model;Type\n${MAC};${row}`, [MONITOR]))[0]!;
  assert.equal(doubtful("Dräger;;"), "2 doubtful d1; listed maker Dräger, heard Philips");
  assert.equal(doubtful("Philips;MX500;"), "2 doubtful d1; listed model MX500, heard IntelliVue MX800");
  assert.equal(doubtful(";;Pump, infusion"), "2 doubtful d1; listed kind Pump, infusion, heard patient monitor");
});

test("a dock's card is not taken for the device's: a pump or a computer is known by more than a card and its maker", () => {
  const dock = { id: "d9", name: "10.0.0.9", maker: "B. Braun", macs: [MAC] };
  const row = (kind: string) => linesOf(held(`MAC;Maker;Type\n${MAC};B. Braun;${kind}`, [dock]))[0]!;
  assert.match(row("Infusion pump"), /^2 doubtful d9; only network card agrees/);
  assert.match(row("Dialysis machine"), /^2 matched d9/);
});

test("a row of which the number says one device and the card another is a person's to say", () => {
  const other = { id: "d2", name: "ICU-02", macs: ["00:09:fb:00:00:02"] };
  const plan = held("Serial;MAC;Maker\nDE0012345678;00:09:fb:00:00:02;Philips", [MONITOR, other]);
  assert.deepEqual(linesOf(plan), ["2 doubtful d1 d2; 2 devices fit: which one it is, only a person can say"]);
  assert.deepEqual(plan.rows[0]!.candidates.map(({ agrees }) => agrees), [["serial number", "maker"], ["network card"]]); // prettier-ignore
});

test("likeness alone merges nobody", () => {
  const plan = held("Manufacturer;Model;Type;Location\nPhilips;IntelliVue MX800;Patient monitor;ICU", [{ ...MONITOR, location: "ICU" }]);
  assert.deepEqual(linesOf(plan), ["2 listed only"]);
  assert.equal(plan.heardOnlyTotal, 1);
});

test("an address ties nobody; a name only beside a maker or model", () => {
  assert.match(linesOf(held("IP;Model\n10.0.0.7;MX800", [MONITOR]))[0]!, /^2 doubtful d1; only address agrees/);
  assert.match(linesOf(held("Hostname;Location\nicu-01.clinic.example;Ward 1", [MONITOR]))[0]!, /^2 doubtful d1; only host name/);
  assert.match(linesOf(held("Hostname;Model\nicu-01.clinic.example;MX800", [MONITOR]))[0]!, /^2 matched d1/);
});

test("of two rows that fit one device neither is taken, unless one of them is retired; one that repeats another says so", () => {
  const list = (second: string) => `Asset;Serial;Maker;Status\n1;DE0012345678;Philips;Active\n${second}`;
  assert.deepEqual(linesOf(held(list("2;DE0012345678;Philips;Active"), [MONITOR])), [
    "2 doubtful d1; row 3 fits the same device",
    "3 doubtful d1; row 2 fits the same device",
  ]);
  assert.match(
    linesOf(held(list("2;DE0012345678;Philips;Ausgemustert"), [MONITOR])).join("\n"),
    /^2 matched d1.*\n3 doubtful d1; row 2 fits/,
  );
  assert.match(
    linesOf(held(list("1;DE0012345678;Philips;Active"), [MONITOR])).join("\n"),
    /^2 matched d1.*\n3 repeated; the same as row 2$/,
  );
});

test("a retired device's name and card may be another's by now; heard by its own number it is said to be heard", () => {
  const list = (row: string) => held(`Serial;MAC;Hostname;Model;Status\n${row};Retired`, [MONITOR]);
  assert.equal(linesOf(list(`;${MAC};ICU-01;MX800`))[0], "2 doubtful d1; the row is retired: what it shares may be another's by now");
  assert.equal(
    linesOf(list(`DE0012345678;${MAC};ICU-01;MX800`))[0],
    `2 matched d1; status "" → "retired"; Status: listed as retired, and heard on 2026-11-20`,
  );
});

test("another hospital's rows are not taken by name or control number", () => {
  const here = Array.from({ length: 6 }, (_, at) => ({
    ...MONITOR,
    id: `d${at + 1}`,
    name: `ICU-0${at}`,
    serial: `DE00123456${at}0`,
    macs: [],
  }));
  const rows = here.slice(0, 5).map(({ serial }) => `${serial};Philips;;Anna`);
  const plan = held(["Serial;Maker;Hostname;Site", ...rows, ";Philips;ICU-05;Nord"].join("\n"), here);
  assert.equal(linesOf(plan).at(-1), "7 doubtful d6; the row is of Nord: names and numbers are each hospital's own");
});

test("only what the hospital alone knows is said in place of something; what was heard is filled in, not replaced", () => {
  const plan = held(
    "MAC;Maker;Model;Serial;Owner;Location;Status\n00:09:fb:12:34:56;PHILIPS MEDIZIN SYSTEME;MX 800;DE0012345678;Biomed;Ward 4B;in Betrieb\n00:09:fb:00:00:02;Dräger;Evita V800;ASKB-0012;Biomed;Ward 7;Quarantäne",
    [{ ...MONITOR, location: "Switch 4, port 7" }, { id: "d2", name: "10.0.0.8", maker: "Dräger", macs: ["00:09:fb:00:00:02"] }],
  ); // prettier-ignore
  assert.deepEqual(linesOf(plan), [
    `2 matched d1; owner "" → "Biomed"; location "Switch 4, port 7" → "Ward 4B"; status "" → "in service"`,
    `3 matched d2; owner "" → "Biomed"; location "" → "Ward 7"; model "" → "Evita V800"; serial "" → "ASKB-0012"; ` +
      `Status: "Quarantäne" is none of in service, workshop, store, on loan, retired; not taken`,
  ]);
});

test("what is only probable is known where the list says the same; said otherwise it is left as it was heard", () => {
  const desk = (kind: string) => ({
    ...deviceLike({ id: "d3", name: "WS-20", serial: "PC0004711", maker: "Dell" }),
    kind: known(kind, 10),
  });
  const line = (listed: string, heard: string) => {
    const bytes = Buffer.from(`Serial;Maker;Type\nPC0004711;Dell;${listed}`);
    return linesOf(planOf({ file: "assets.csv", bytes }, [desk(heard)], loadKnowledge()))[0];
  };
  assert.equal(line("Workstation", "workstation"), '2 matched d3; kind "probably workstation" → "workstation"');
  assert.equal(line("Printer", "workstation"), "2 doubtful d3; listed kind Printer, heard workstation");
  assert.equal(line("a grey box", "workstation"), "2 matched d3");
});

test("what a person chooses is taken, once, and what was chosen wrongly is told", () => {
  const list = "Serial;MAC;Maker;Owner\nDE0012345678;00:09:fb:00:00:02;Philips;Biomed\n;;;IT";
  const devices = [MONITOR, { id: "d2", name: "ICU-02", macs: ["00:09:fb:00:00:02"] }];
  const chosen = held(list, devices, { chosen: { 2: "d2" } });
  assert.match(linesOf(chosen)[0]!, /^2 matched d2; owner "" → "Biomed"; maker "" → "Philips"/);
  assert.equal(chosen.rows[0]!.chosen, true);
  assert.match(linesOf(held(list, devices, { chosen: { 2: null } }))[0]!, /^2 listed only; said to be none of those heard/);
  assert.throws(() => held(list, devices, { chosen: { 7: "d1" } }), /^Error: expected a row of the list, got 7$/);
  assert.throws(() => held(list, devices, { chosen: { 2: "d7" } }), /expected a device of this recording for row 2, got d7/);
  assert.throws(() => held(list, devices, { chosen: { 2: "d1", 3: "d1" } }), /expected one row for d1, got rows 2 and 3/);
});

test("a formula is text: counted, kept as it is, never worked out", () => {
  const plan = held(`Serial;Maker;Owner\nDE0012345678;Philips;"=HYPERLINK(""http://x"",""Biomed"")"\n=1+1;@SUM(A1);-`, [MONITOR]);
  assert.equal(linesOf(plan)[0], `2 matched d1; owner "" → "=HYPERLINK("http://x","Biomed")"`);
  assert.deepEqual(plan.notes, ["2 rows (2, 3) have what a spreadsheet would run: it is taken as text, nothing was worked out."]);
});

test("the digest is of what would be said: it changes with that, and with nothing else", () => {
  const list = (owner: string, type: string) => held(`Serial;Maker;Owner;Type\nDE0012345678;Philips;${owner};${type}`, [MONITOR]).digest;
  assert.equal(list("Biomed", "Monitor"), list("Biomed", "A monitor"));
  assert.notEqual(list("Biomed", "Monitor"), list("IT", "Monitor"));
});

test("what is only probably so contradicts as well, and is no more than that", () => {
  const device = { ...deviceLike({ id: "d1", name: "10.0.0.7", macs: [MAC] }), maker: known("Philips", 6) };
  assert.match(
    linesOf(held(`MAC;Maker;Model\n${MAC};Dräger;Evita`, [{ id: "d1", macs: [MAC], maker: device.maker.value }]))[0]!,
    /^2 doubtful/,
  );
});
