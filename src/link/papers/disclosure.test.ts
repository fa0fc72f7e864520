/** A table of flows as people write it: read whole, or told what is wrong, with line and column. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../../knowledge/index.ts";
import { readDisclosure } from "./disclosure.ts";

const KNOWN = { kinds: loadKnowledge().kinds, protocols: ["dicom", "hl7"] };
const read = (text: string) => readDisclosure(text, "all", KNOWN);

const TITLES = "opens,peer,transport,ports,protocol,what for,need,document,page,day";
const GOOD = `device,image archive; Worklist Server,tcp,default 104,dicom,"send, images",required,Manual 1 rev. C,88,2024-05`;

test("one flow a row, of any separator, in any order of columns, with what may be left out", () => {
  const { disclosure, troubles } = read(`\ufeff${TITLES}\r\n${GOOD}\r\n\r\npeer,inside,icmp,8,*,answer pings,,Manual 1 rev. C,89,2025\r\n`);
  assert.deepEqual(troubles, []);
  assert.deepEqual([disclosure.day, disclosure.whole], ["2025", "all"]);
  assert.deepEqual(disclosure.flows[0], { opens: "device", peers: ["image archive", "worklist server"], transport: "tcp", ports: "104", fixed: false, protocol: "dicom", purpose: "send, images", need: "required", document: "Manual 1 rev. C", page: "88", day: "2024-05" }); // prettier-ignore
  assert.deepEqual([disclosure.flows[1]?.need, disclosure.flows[1]?.protocol, disclosure.flows[1]?.fixed], ["not told", null, true]);
  const other = read("Page\tDocument\tWhat for\tPorts\tTransport\tPeer\tOpens\n1\tManual\tupdate\t*\tudp\tanyone\tdevice\n").disclosure;
  assert.deepEqual([other.day, other.flows[0]?.ports, other.flows[0]?.peers], ["no day", null, ["anyone"]]);
});

test("each thing that is wrong is told with its line and column, also behind a cell of several lines", () => {
  const { disclosure, troubles } = read(`${TITLES}
device,image archive,tcp,104,dicom,"send
images",required,Manual,88,
devise,archve,tpc,44-22,dicm,,maybe,,,31.1.2025
device,inside,udp,123,,time,optional,Manual,12,2025-13,more
`);
  assert.equal(disclosure.flows.length, 1);
  assert.deepEqual(troubles.map((it) => it.replace(/: expected .*?, got/, " … got").slice(0, 60)), [
    'line 4, column 1 (opens) … got "devise" (did you mean device?',
    'line 4, column 2 (peer) … got "archve"',
    'line 4, column 3 (transport) … got "tpc"',
    'line 4, column 4 (ports) … got "44-22"',
    'line 4, column 5 (protocol) … got "dicm" (did you mean dicom?',
    "line 4, column 6 (what for) … got nothing",
    'line 4, column 7 (need) … got "maybe"',
    "line 4, column 8 (document) … got nothing",
    "line 4, column 9 (page) … got nothing",
    'line 4, column 10 (day) … got "31.1.2025"',
    'line 5, column 10 (day) … got "2025-13"',
    "line 5 … got 11",
  ].map((it) => it.slice(0, 60)));
}); // prettier-ignore

test("what is no table, says too much or hides something is refused", () => {
  assert.throws(() => read("a,b\n1,2\n"), /line 1: expected a table with the titles opens, .*, got none called "opens"/);
  assert.throws(() => read(`${TITLES},opens\n`), /line 1: expected the title "opens" once, got it again in column 11/);
  assert.throws(() => read(`${TITLES}\n`), /expected at least one flow under its titles, got none/);
  assert.throws(() => read(`${TITLES}\n"device`), /expected a quote at the end of what begins with one in line 2/);
  assert.throws(() => read(`${TITLES}\n${`${GOOD}\n`.repeat(1_001)}`), /expected at most 1000 flows, got 1001/);
  assert.match(read(`${TITLES}\n${GOOD.replace("Manual 1", "M".repeat(400))}\n`).troubles.join(), /column 8 \(document\): expected at most 300 letters, got 4\d\d/);
  assert.equal(read(`${TITLES}\n${GOOD.replace("Manual 1", "Man\u202eual\u0007 1")}\n`).disclosure.flows[0]?.document, "Man ual 1 rev. C");
  const long = read(`${TITLES}\n${"x,".repeat(9)}x\n`.repeat(1)).troubles;
  assert.ok(long.length > 0);
  const began = performance.now();
  read(`${TITLES}\n${`device,${"a".repeat(100_000)},tcp,1,,x,,d,1,\n`.repeat(20)}`);
  assert.ok(performance.now() - began < 20_000);
}); // prettier-ignore
