import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_AT } from "../testing/frames.ts";
import { heardAt } from "../testing/hear.ts";
import { Lan, type Machine } from "../testing/lan.ts";
import { hl7Header, latin, mllp } from "../testing/messages.ts";
import { foundLines } from "../testing/watched.ts";
import { programInImage } from "./program-in-image.ts";
import { recordBurst } from "./record-burst.ts";
import { recordExport } from "./record-export.ts";
import { recordStranger } from "./record-stranger.ts";

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const host = (number: number): Machine => ({ mac: `02:00:5e:30:00:${number.toString(16).padStart(2, "0")}`, ip: `10.30.0.${number}` });
const [RECORD, SENDER, STRANGER] = [host(1), host(2), host(9)];

/** Each message with its number, on a connection of its own; all of them accepted. */
function talk(lan: Lan, at: number, from: Machine, messages: readonly (readonly [type: string, control: number])[], every = SECOND): void {
  const connection = lan.connect(at, from, RECORD, 2575);
  for (const [i, [type, control]] of messages.entries()) {
    const header = (of: string, number: number) => hl7Header("ADMIT|CLINIC", "RECORD|CLINIC", of).replace("|4711|", `|${number}|`);
    connection.say(at + (i + 0.1) * every, "client", mllp(header(type, control), "PID|1||4711||TEST^ALPHA"));
    connection.say(at + (i + 0.2) * every, "server", mllp(header("ACK", 90_000 + control), `MSA|AA|${control}`));
  }
  connection.close(at + messages.length * every);
}
const many = (type: string, count: number, from = 1) => Array.from({ length: count }, (_, i) => [type, from + i] as const);

test("admissions by one who never sent any are told of; by the sender of all others they are not", () => {
  const heard = (last: Machine) => {
    const lan = new Lan();
    for (let i = 0; i < 25; i++) talk(lan, FIRST_AT + i * 60 * SECOND, SENDER, many("ADT^A01", 1, i));
    talk(lan, FIRST_AT + 3_000 * SECOND, last, many("ADT^A08", 2, 500));
    return foundLines(heardAt(lan.frames), [recordStranger]);
  };
  assert.deepEqual(heard(SENDER), []);
  assert.deepEqual(heard(STRANGER), [
    "record-stranger high 10.30.0.1 by 10.30.0.9: ADT^A08 by 10.30.0.9, which sent none in 25 conversations heard before",
  ]);
});

test("on a morning on which senders are switched on one after the other none is a stranger; who comes long after the last is", () => {
  const heard = (last: number) => {
    const lan = new Lan();
    // The second comes while that is still being learned; each speaks every half minute.
    const from = [0, 8, 25, 60, 100, 140].map((minutes) => minutes * 60);
    for (let second = 0; second < 300 * 60; second += 30)
      for (const [i, since] of from.entries())
        if (second >= since) talk(lan, FIRST_AT + (second + i) * SECOND, host(20 + i), many("ORU^R01", 1, second));
    talk(lan, FIRST_AT + last * 60 * SECOND, STRANGER, many("ADT^A08", 1, 500));
    return foundLines(heardAt(lan.frames.toSorted((a, b) => a.at! - b.at!)), [recordStranger]);
  };
  assert.deepEqual(heard(180), [], "40 minutes after the last, as long as they took to come");
  assert.equal(heard(280).length, 1);
});

test("an analyzer that sends rarely is no stranger where two of its make beside it send the same; one that sends otherwise, or of another make, is", () => {
  const analyzer = (number: number, maker = "00:15:5f"): Machine => ({ mac: `${maker}:00:00:0${number}`, ip: `10.30.7.${number}` });
  const heard = (last: Machine, type: string) => {
    const lan = new Lan();
    for (let i = 0; i < 30; i++) talk(lan, FIRST_AT + i * 60 * SECOND, analyzer(1 + (i % 2)), many("ORU^R01", 1, i));
    talk(lan, FIRST_AT + 3_000 * SECOND, last, many(type, 1, 500));
    return foundLines(heardAt(lan.frames), [recordStranger]).length;
  };
  assert.equal(heard(analyzer(3), "ORU^R01"), 0);
  assert.equal(heard(analyzer(3), "ADT^A08"), 1);
  assert.equal(heard(analyzer(3, "00:1c:42"), "ORU^R01"), 1);
  assert.equal(heard(analyzer(3, "02:15:5f"), "ORU^R01"), 1, "a number of its own making is no maker's");
  assert.equal(heard({ ...analyzer(3), ip: "10.30.8.3" }, "ORU^R01"), 1);
});

test("a nurse call that calls for the first time writes to nobody's record; a result does", () => {
  const heard = (type: string) => {
    const lan = new Lan();
    for (let i = 0; i < 25; i++) talk(lan, FIRST_AT + i * 60 * SECOND, SENDER, many("ORU^R01", 1, i));
    talk(lan, FIRST_AT + 3_000 * SECOND, STRANGER, many(type, 1, 500));
    return foundLines(heardAt(lan.frames), [recordStranger]).length;
  };
  assert.equal(heard("ORU^R40"), 0);
  assert.equal(heard("ORU^R01"), 1);
});

test("results by one who never sent any are medium on the first day a site is heard, and high after it; admissions are high at once", () => {
  const heard = (type: string, hours: number) => {
    const lan = new Lan();
    for (let i = 0; i < 60; i++) talk(lan, FIRST_AT + i * (hours / 61) * 3_600 * SECOND, SENDER, many("ADT^A01", 1, i));
    talk(lan, FIRST_AT + hours * 3_600 * SECOND, STRANGER, many(type, 1, 500));
    return foundLines(heardAt(lan.frames), [recordStranger]).map((it) => it.split(" ")[1]);
  };
  assert.deepEqual(heard("ORU^R01", 4), ["medium"]);
  assert.deepEqual(heard("ORU^R01", 25), ["high"]);
  assert.deepEqual(heard("ADT^A08", 4), ["high"]);
});

test("ten merges in a minute are told of, ten in an hour are not", () => {
  const heard = (every: number) => {
    const lan = new Lan();
    talk(lan, FIRST_AT, SENDER, many("ADT^A40", 10), every);
    return foundLines(heardAt(lan.frames), [recordBurst]);
  };
  assert.deepEqual(heard(360 * SECOND), []);
  assert.deepEqual(heard(SECOND), ["record-burst high 10.30.0.1 by 10.30.0.2: 10 merges of patients within 10 s"]);
});

test("messages said again after they were accepted are told of; a sender that numbers all alike is not", () => {
  const heard = (messages: readonly (readonly [string, number])[]) => {
    const lan = new Lan();
    talk(lan, FIRST_AT, SENDER, messages);
    return foundLines(heardAt(lan.frames), [recordBurst]);
  };
  assert.deepEqual(heard([...many("ORM^O01", 6), ...many("ORM^O01", 6)]), [
    "record-burst high 10.30.0.1 by 10.30.0.2: 5 messages said again that were accepted before within 5 s",
  ]);
  assert.deepEqual(heard(Array.from({ length: 20 }, () => ["ORM^O01", 7] as const)), []);
});

test("a bulk export is told of once the site is known for a day; an ordinary search never is", () => {
  const heard = (target: string, later: number) => {
    const lan = new Lan();
    lan.connect(FIRST_AT, SENDER, RECORD, 8080).say(FIRST_AT + 1, "client", latin("GET /fhir/metadata HTTP/1.1\r\nHost: record\r\n\r\n"));
    lan
      .connect(FIRST_AT + later, STRANGER, RECORD, 8080)
      .say(FIRST_AT + later + 1, "client", latin(`GET ${target} HTTP/1.1\r\nHost: record\r\n\r\n`));
    return foundLines(heardAt(lan.frames), [recordExport]);
  };
  assert.deepEqual(heard("/fhir/Patient/$export?_type=Observation", 2 * DAY), [
    "record-export medium 10.30.0.1 by 10.30.0.9: asked for a bulk export for the first time",
  ]);
  assert.deepEqual(heard("/fhir/$export", 60 * SECOND), []);
  assert.deepEqual(heard("/fhir/Patient?name=$export", 2 * DAY), []);
});

test("a DICOM file that begins as a program is told of; one that begins as nothing, or as a TIFF, is not", () => {
  const heard = (begin: string) => {
    const file = `${begin.padEnd(128, "\0")}DICM\x02\0\0\0`;
    const body = `--b\r\nContent-Type: application/dicom\r\n\r\n${file}\r\n--b--\r\n`;
    const head = `POST /studies HTTP/1.1\r\nHost: archive\r\nContent-Type: multipart/related; type="application/dicom"; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`;
    const lan = new Lan();
    lan.connect(FIRST_AT, SENDER, RECORD, 8080).say(FIRST_AT + 1, "client", latin(head + body));
    return foundLines(heardAt(lan.frames), [programInImage]);
  };
  assert.deepEqual(heard("MZ\x90\0"), [
    "program-in-image high 10.30.0.1 by 10.30.0.2: 1 DICOM files that begin as a program crossed between the two",
  ]);
  for (const begin of ["", "II*\0", "MM\0*"]) assert.deepEqual(heard(begin), [], begin);
});
