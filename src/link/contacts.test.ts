/** Whom to call: who fits, in which order, and nobody where nobody is written down. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { callsFor, checkContacts, contactsIn, keepContacts } from "./contacts.ts";

const TABLE = `ward,kind,maker,hours,who,call
ICU 3,,,,"Nurse in charge, ICU 3",5501
,infusion pump,,07-16,Biomed,2290
,infusion pump,,16-07,Biomed on call,pager 114
,Infusion Pump,Tessel,,Tessel service,+49 30 1
,,,,Switchboard,0
`;
const { contacts } = checkContacts(TABLE, "contacts.csv");
const pump = { location: "ICU 3, bed 7", kind: "syringe pump", maker: "Tessel" };
const called = (party: typeof pump | null, hour: number) => callsFor(contacts, party, hour).contacts.map(({ who }) => who);

test("the ward first, then who knows the model, then who knows the kind and is there at that hour", () => {
  assert.deepEqual(called(pump, 9), ["Nurse in charge, ICU 3", "Tessel service", "Biomed", "Switchboard"]);
  assert.deepEqual(called(pump, 3), ["Nurse in charge, ICU 3", "Tessel service", "Biomed on call", "Switchboard"]);
  assert.deepEqual(called(pump, 16), ["Nurse in charge, ICU 3", "Tessel service", "Biomed on call", "Switchboard"]);
});

test("another ward of a like name, another kind and a whole segment are not theirs", () => {
  assert.deepEqual(called({ ...pump, location: "ICU 31", kind: "camera", maker: "Tess" }, 9), ["Switchboard"]);
  assert.deepEqual(called(null, 9), ["Switchboard"]);
});

test("nobody is guessed: what is missing is named", () => {
  assert.deepEqual(callsFor(contacts.slice(0, 1), { ...pump, location: "Ward 4B" }, 9), { contacts: [], missing: "Ward 4B" });
  assert.deepEqual(callsFor([], { location: null, kind: "camera", maker: null }, 9), { contacts: [], missing: "camera" });
});

test("it is kept as it was read, whatever stands in a cell", (context) => {
  const data = mkdtempSync(join(tmpdir(), "auscult-contacts-"));
  context.after(() => rmSync(data, { recursive: true }));
  assert.deepEqual(contactsIn(data), { contacts: [], troubles: [] });
  const odd = [...contacts, { ward: 'the "old" wing', kind: "", maker: "", hours: "", who: "a, b", call: "1" }];
  keepContacts(data, odd);
  assert.deepEqual(contactsIn(data), { contacts: odd, troubles: [] });
});

test("what is wrong is told by record, and none of the file is used", () => {
  const wrong = (text: string) => checkContacts(text, "c.csv");
  assert.match(wrong("ward,who\nICU,lind\n").troubles[0]!, /c\.csv:1: expected the columns .* got ward, who/);
  assert.match(wrong("").troubles[0]!, /expected the columns/);
  const { contacts: none, troubles } = wrong("who;call;kind;hours\nlind;1;toaster;\nlind;;;\nlind;1;;7 to 9\nlind;1;;25-26\nkim;2;;7-9\n");
  assert.deepEqual(none, []);
  assert.deepEqual(
    troubles.map((it) => it.replace(/^c\.csv: /, "")),
    [
      'record 2: expected a kind of device such as infusion pump, got "toaster"',
      "record 3: expected what to call, got nothing",
      'record 4: expected hours such as 07-16 or 22-06, got "7 to 9"',
      'record 5: expected hours such as 07-16 or 22-06, got "25-26"',
    ],
  );
});
