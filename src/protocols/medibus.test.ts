import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { medibus } from "./medibus.ts";

const latin = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
/** The sum of all before it, two digits, a return. */
const summed = (text: string) => {
  const sum = Buffer.from(text, "latin1").reduce((total, byte) => total + byte, 0) & 0xff;
  return latin(`${text}${sum.toString(16).toUpperCase().padStart(2, "0")}\r`);
};
const SERVER = { side: "server" } as const;
const identification = summed("\x01R8413'Evita XL'07.00:06.00");

test("who reads a machine is told by its commands", () => {
  assert.deepEqual(summed("\x1bQ"), latin("\x1bQ6C\r"), "the sum of an escape and the letter Q");
  assert.equal(medibus.recognize(summed("\x1bQ"), "client"), true);
  assert.equal(medibus.speaker!(summed("\x1bQ")), "client");
  assert.deepEqual(notes(medibus, summed("\x1bQ")), ["operation: INITIALIZE"]);
  assert.deepEqual(notes(medibus, summed("\x1bU")), ["operation: STOP"]);
  assert.deepEqual(notes(medibus, summed("\x1b$")), ["operation: DATA"]);
});

test("a machine's identification says what is behind the converter; its values say nothing", () => {
  assert.equal(medibus.speaker!(identification), "server");
  assert.deepEqual(notes(medibus, identification, SERVER), ["10.0.0.1 description: behind it by MEDIBUS: Evita XL 07.00:06.00"]);
  assert.deepEqual(notes(medibus, summed("\x01$05 12.0"), SERVER), []);
  assert.deepEqual(notes(medibus, summed("\x01R8413"), SERVER), []);
});

test("waves between any two bytes belong to no message", () => {
  const text = Buffer.from(identification).toString("latin1");
  const mixed = latin(`${text.slice(0, 4)}\xc0\x81\x11${text.slice(4)}`);
  assert.deepEqual(notes(medibus, mixed, SERVER), ["10.0.0.1 description: behind it by MEDIBUS: Evita XL 07.00:06.00"]);
  const stream = latin(`\xc0\x81${text}`);
  assert.equal(medibus.messageLength!(stream), 1);
  assert.deepEqual(notes(medibus, latin("\xc0"), SERVER), []);
  for (let bytes = 1; bytes < mixed.length; bytes++) assert.equal(medibus.messageLength!(mixed.subarray(0, bytes)), 0);
  assert.equal(medibus.messageLength!(mixed), mixed.length);
});

test("a sum that is wrong is broken, and the next message is found", () => {
  const wrong = identification.slice();
  wrong[10]! ^= 1;
  assert.deepEqual(notes(medibus, wrong, SERVER), ["malformed: a code nobody defined, or a sum that is another than it says"]);
  assert.equal(medibus.resume!(latin("12.0\x01R")), 4);
  assert.equal(medibus.messageLength!(latin("12.0\x01R")), 4);
  assert.deepEqual(notes(medibus, latin("12.0"), SERVER), ["malformed: bytes between messages that belong to none"]);
});

test("other escapes, other codes and wrong sums are not it", () => {
  for (const words of [
    "\x1b[2J\x1b[H\r\n",
    "\x1bQ6D\r",
    "\x1bQ6C",
    "\x1bQ6c\r",
    "\x01",
    "\x1b\r",
    "\x1b%-12345X@PJL\r\n",
    Buffer.from(summed("\x1bZ")).toString("latin1"),
  ])
    assert.equal(medibus.recognize(latin(words), "client"), false, words);
});
