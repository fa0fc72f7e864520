import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../../testing/notes.ts";
import { addressOf, dnsMessage, targetOf } from "./message.ts";

test("questions and records are read with the names they point to", () => {
  const message = dnsMessage(hex`
    0001 8180 0001 0002 0000 0000
    04 50756d70 02 6964 00 0001 0001             # who is Pump.id
    c00c 0005 0001 0000003c 0004 01 62 c011      # another name for b.id
    c025 0001 0001 0000003c 0004 c0000207        # which is 192.0.2.7`);
  assert.deepEqual(message?.questions, [{ name: "pump.id", type: 1, class: 1 }]);
  assert.deepEqual(
    message?.answers.map((it) => [it.written, targetOf(it) || addressOf(it)]),
    [
      ["Pump.id", "b.id"],
      ["b.id", "192.0.2.7"],
    ],
  );
});

test("counts that promise more than the bytes hold are not believed", () => {
  assert.equal(dnsMessage(hex`0001 0100 ffff ffff ffff ffff 00 0001 0001`), null);
  assert.equal(dnsMessage(hex`0001 0100 0001`), null);
});

test("the first broken record ends the reading, and says so", () => {
  const message = dnsMessage(hex`
    0001 8180 0000 0002 0000 0000
    01 61 00 0001 0001 0000003c 0004 c0000207
    01 62 00 0001 0001 0000003c 0040 c0000208    # 64 bytes of address, has four`);
  assert.equal(message?.answers.length, 1);
  assert.equal(message?.trouble, "a record is cut short or its name is broken");
});
