import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { lpd } from "./lpd.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

test("a command is told, its queue is not", () => {
  assert.equal(lpd.recognize(bytes("\x02ward-3\n"), "client"), true);
  assert.deepEqual(notes(lpd, bytes("\x02ward-3\n")), ["operation: RECEIVE_JOB", "enough"]);
  assert.deepEqual(notes(lpd, bytes("\x04ward-3 7\n")), ["operation: QUEUE_STATE", "enough"]);
  assert.deepEqual(notes(lpd, bytes("\x02ward")), ["operation: OTHER", "enough"], "cut short");
});

test("an analyzer's frame, two lines, a zero and a text are not LPD", () => {
  for (const text of ["\x021H|\\^&|||\r\x03E5\r\n", "\x02ward\nmore\n", "\0", "ward\n", "\x02\xff\xfe\xfd\n", "\x02 \n"])
    assert.equal(lpd.recognize(bytes(text), "client"), false, JSON.stringify(text));
  assert.equal(lpd.recognize(bytes("\x02ward-3\n"), "server"), false);
});
