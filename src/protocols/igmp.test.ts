import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { igmp } from "./igmp.ts";

test("a version 3 report names the groups joined, not the one left", () => {
  const message = hex`
    22 00 0000 0000 0003            # report, three records
    04 00 0000 effffffa             # to exclude none: joins 239.255.255.250
    03 00 0000 e00000fb             # to include none: leaves 224.0.0.251
    05 00 0001 e8010203 c0000209    # allow 192.0.2.9 in 232.1.2.3`;
  assert.equal(igmp.recognize(message, "unknown"), true);
  assert.deepEqual(notes(igmp, message), ["operation: REPORT", "10.0.0.1 groups: 239.255.255.250", "10.0.0.1 groups: 232.1.2.3"]);
});

test("older reports, leaves and queries", () => {
  assert.deepEqual(notes(igmp, hex`16 00 0000 e00000fc`), ["operation: REPORT", "10.0.0.1 groups: 224.0.0.252"]);
  assert.deepEqual(notes(igmp, hex`17 00 0000 e00000fc`), ["operation: LEAVE"]);
  assert.deepEqual(notes(igmp, hex`11 64 0000 00000000`), ["operation: QUERY"]);
});

test("a record past the end ends the reading, what came before counts", () => {
  const message = hex`22 00 0000 0000 0002  04 00 0000 effffffa  04 00 00ff e00000fb`;
  assert.deepEqual(notes(igmp, message), [
    "operation: REPORT",
    "10.0.0.1 groups: 239.255.255.250",
    "malformed: a group record runs past the end of the message",
  ]);
});

test("what looks alike: a report of a machine's own address, more records than bytes, too few bytes", () => {
  assert.equal(igmp.recognize(hex`16 00 0000 c0000207`, "unknown"), false);
  assert.equal(igmp.recognize(hex`22 00 0000 0000 0040`, "unknown"), false);
  assert.equal(igmp.recognize(hex`16 00 0000 e00000`, "unknown"), false);
});
