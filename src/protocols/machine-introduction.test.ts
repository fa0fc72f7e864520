import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { machineIntroduction } from "./machine-introduction.ts";

const text = (it: string) => new Uint8Array(Buffer.from(it, "latin1"));

test("a line with a system and a processor is recognized, in either order, and read no further", () => {
  for (const it of [
    "HELLO|10.0.0.7|XX|1|Windows XP Service Pack 3|Intel(R) Core(TM)2 Duo CPU T7500 @ 2.20GHz|512 MB\r\n",
    "AMD Ryzen 5 5600X 6-Core Processor\tMicrosoft Windows 10 Pro\tuser\tidle",
    "\x80\xf1 PC-1; Windows Server 2019 Standard; Intel(R) Xeon(R) Silver 4110",
  ])
    assert.equal(machineIntroduction.recognize(text(it), "client"), true, it);
  const line = text("id|Windows 7 Professional|Intel(R) Core(TM) i5-2400 CPU @ 3.10GHz");
  assert.deepEqual(notes(machineIntroduction, line), ["notable: machineIntroduced", "enough"]);
});

test("one of the two alone, a later line, a request by HTTP, and bytes that are no text are none", () => {
  for (const it of [
    "HELLO|10.0.0.7|XX|1|Windows XP Service Pack 3|a processor|512 MB\r\n",
    "HELLO|10.0.0.7|XX|1|Linux 6.1|Intel(R) Core(TM)2 Duo CPU T7500\r\n",
    "GET /stock HTTP/1.1\r\nUser-Agent: Windows 10; Intel(R) Core(TM)\r\n\r\n",
    "\0\x01 PC-1 Windows Server 2019 Standard; Intel(R) Xeon(R) Silver 4110",
    "Windows 10, Intel(R) Core",
    "",
  ])
    assert.equal(machineIntroduction.recognize(text(it), "client"), false, it);
});
