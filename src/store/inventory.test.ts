/** The document for programs: to the byte, and by its schema. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { EvidenceRow } from "../model/device.ts";
import { END, HOUR, MINUTE, Recording } from "../testing/recording.ts";
import { inventory } from "./inventory.ts";
import { coverageOf } from "./queries/coverage.ts";
import { Store } from "./reader.ts";

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "docs", "inventory.schema.json"), "utf8")) as object;
const conforms = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

test("an empty recording is a document with nothing in it", (t) => {
  const recording = new Recording(t);
  assert.equal(
    documentOf(recording),
    '{"schema":"auscult.inventory/1","coverage":{"frames":0,"bytes":0,"malformed":0,"gaps":0,"duplicates":0,"drops":0,"from":null,"to":null},' +
      '\n"devices":[],\n"conversations":[]}\n',
  );
});

test("a device, its evidence and its conversation, to the byte", (t) => {
  const recording = new Recording(t);
  recording.run(
    "lease.pcap",
    { malformed: { dns: 2, ipv4: 1 } },
    { frames: 9, bytes: 1_341, gaps: 4, duplicates: 5, drops: 6, first: 1_462_356_672_000_001, last: 1_462_356_673_500_000 },
  );
  const pump = recording.endpoint("00:09:fb:12:34:56", "10.0.0.7");
  const engine = recording.endpoint("00:50:56:00:00:01", "10.0.0.9");
  recording.conversation({
    client: engine, server: pump, port: 2575, protocol: "hl7", operations: "ORU^R01", first: 1_462_356_672_000_001, last: 1_462_356_673_500_000,
  }); // prettier-ignore
  recording.device([pump], { name: "pump7", maker: "Philips", model: ["MX700", 7], os: ["QNX", 3] });
  recording.device([engine]);
  const text = documentOf(recording, (id) => (id === 1 ? [evidence({ first: 1_462_356_672_000_001, last: 1_462_356_673_500_000 })] : []));
  assert.equal(
    text,
    '{"schema":"auscult.inventory/1","coverage":{"frames":9,"bytes":1341,"malformed":3,"gaps":4,"duplicates":5,"drops":6,' +
      '"from":"2016-05-04T10:11:12.000001Z","to":"2016-05-04T10:11:13.500000Z"},\n"devices":[\n' +
      '{"id":"d1","macs":["00:09:fb:12:34:56"],"ips":["10.0.0.7"],"names":[{"value":"pump7","confidence":0.99}],"kind":null,' +
      '"maker":{"value":"Philips","confidence":0.99},"model":{"value":"MX700","confidence":0.83},"serial":null,"software":null,"os":null,' +
      '"location":null,"lifeCritical":null,"services":[{"ip":"10.0.0.7","transport":"tcp","port":2575,"protocol":"hl7"}],' +
      '"evidence":[{"attribute":"names","value":"pump7","protocol":"dhcp","via":null,"weight":12,"first":"2016-05-04T10:11:12.000001Z",' +
      '"last":"2016-05-04T10:11:13.500000Z","count":3}]},\n' +
      '{"id":"d2","macs":["00:50:56:00:00:01"],"ips":["10.0.0.9"],"names":[],"kind":null,"maker":null,"model":null,"serial":null,' +
      '"software":null,"os":null,"location":null,"lifeCritical":null,"services":[],"evidence":[]}],\n"conversations":[\n' +
      '{"client":"10.0.0.9","server":"10.0.0.7","transport":"tcp","port":2575,"protocol":"hl7","operations":["ORU^R01"],"packets":[5,4],' +
      '"bytes":[900,300],"refused":0,"first":"2016-05-04T10:11:12.000001Z","last":"2016-05-04T10:11:13.500000Z"}]}\n',
  );
});

test("how critical a device is follows from what it is, unless a person said it", (t) => {
  const recording = new Recording(t);
  const device = (kind: string | readonly [string, number] | undefined) =>
    recording.device([recording.endpoint(null, `10.0.0.${kind === undefined ? 3 : kind.length}`)], {
      ...(kind === undefined ? {} : { kind }),
      lifeCritical: "therapy",
    });
  device("Infusion pump");
  device(["Infusion pump", 6]);
  device(undefined);
  const { devices } = parsed(
    documentOf(recording, (id) => (id === 3 ? [evidence({ attribute: "lifeCritical", observed: "operator" })] : [])),
  );
  assert.deepEqual(
    devices.map((it) => it["lifeCritical"]),
    [
      { value: "therapy", confidence: 0.99 },
      { value: "therapy", confidence: 0.79 },
      { value: "therapy", confidence: 0.99 },
    ],
  );
});

test("what has no IP lists its MAC, in devices and in conversations; groups are no devices", (t) => {
  const recording = new Recording(t);
  const switchPort = recording.endpoint("00:00:0c:00:00:01", null);
  const group = recording.endpoint("01:80:c2:00:00:00", null);
  recording.conversation({ client: switchPort, server: group, transport: "ip", port: 89, protocol: "", answered: 0 });
  recording.device([switchPort]);
  recording.device([group], { standing: "group" });
  const { devices, conversations } = parsed(documentOf(recording));
  assert.deepEqual(
    devices.map((it) => [it["id"], it["macs"], it["ips"]]),
    [["d1", ["00:00:0c:00:00:01"], []]],
  );
  assert.deepEqual(
    conversations.map((it) => [it["client"], it["server"], it["protocol"]]),
    [["00:00:0c:00:00:01", "01:80:c2:00:00:00", null]],
  );
});

test("lists are in order whatever order they were stored in: ids by number, the rest by their fields", (t) => {
  const recording = new Recording(t);
  const endpoints = Array.from({ length: 12 }, (_, at) => recording.endpoint(`00:00:00:00:00:${String(90 - at)}`, `10.0.0.${at * 7}`));
  const [a, b, c] = [endpoints[3]!, endpoints[1]!, endpoints[11]!];
  for (const [client, server, port] of [
    [a, b, 443],
    [a, b, 80],
    [c, a, 22],
    [b, a, 9],
    [a, c, 80],
  ] as const)
    // prettier-ignore
    recording.conversation({ client, server, port });
  recording.conversation({ client: a, server: b, port: 53, transport: "udp", protocol: "dns" });
  for (const endpoint of endpoints.slice(2).toReversed()) recording.device([endpoint]);
  recording.device(endpoints.slice(0, 2), { names: [["zebra", 30], ["ant", 9], ["maybe", 2]] }); // prettier-ignore
  const told = [evidence({ attribute: "os", value: "QNX" }), evidence({ via: "10.0.0.9" }), evidence({}), evidence({ attribute: "maker" })];
  const { devices, conversations } = parsed(documentOf(recording, (id) => (id === 1 ? told : [])));
  assert.deepEqual(
    devices.map((it) => it["id"]),
    ["d1", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11", "d12"],
  );
  assert.deepEqual(devices[0]!["macs"], ["00:00:00:00:00:89", "00:00:00:00:00:90"]);
  assert.deepEqual(devices[0]!["names"], [
    { value: "ant", confidence: 0.88 },
    { value: "zebra", confidence: 0.99 },
  ]);
  assert.deepEqual(
    (devices[0]!["evidence"] as EvidenceRow[]).map((it) => `${it.attribute} ${it.value} ${it.via}`),
    ["maker pump7 null", "names pump7 null", "names pump7 10.0.0.9", "os QNX null"],
  );
  assert.deepEqual(
    conversations.map((it) => `${String(it["client"])} ${String(it["server"])} ${String(it["transport"])} ${String(it["port"])}`),
    ["10.0.0.21 10.0.0.7 tcp 80", "10.0.0.21 10.0.0.7 tcp 443", "10.0.0.21 10.0.0.7 udp 53", "10.0.0.21 10.0.0.77 tcp 80", "10.0.0.7 10.0.0.21 tcp 9", "10.0.0.77 10.0.0.21 tcp 22"],
  ); // prettier-ignore
});

test("equal addresses of two address spaces stay two conversations; one address under two MACs is one", (t) => {
  const recording = new Recording(t);
  const [server, one, other, routed] = [
    recording.endpoint("00:00:00:00:00:01", "10.0.0.1"),
    recording.endpoint("00:00:00:00:00:02", "10.0.0.2"),
    recording.endpoint("00:00:00:00:00:02", "10.0.0.2", { space: 7 }),
    recording.endpoint("00:00:00:00:00:99", "10.0.0.2"),
  ];
  for (const client of [one, other, routed]) recording.conversation({ client, server, port: 80 });
  recording.device([server]);
  recording.device([one, routed]);
  recording.device([other]);
  assert.deepEqual(
    parsed(documentOf(recording)).conversations.map((it) => [it["client"], it["packets"]]),
    [
      ["10.0.0.2", [10, 8]],
      ["10.0.0.2", [5, 4]],
    ],
  );
});

test("a long document comes in pieces and is the same each time", (t) => {
  const recording = new Recording(t);
  recording.run("long.pcap");
  const endpoints = Array.from({ length: 2_500 }, (_, at) => recording.endpoint(null, `10.1.${at >> 8}.${at & 255}`));
  recording.sql("BEGIN");
  for (const [at, endpoint] of endpoints.entries()) {
    recording.device([endpoint], { name: `printer "${at}" \u2028 \\ 打印机` });
    recording.conversation({ client: endpoint, server: endpoints[(at * 7) % 2_500]!, port: 9_100, last: END - MINUTE, first: END - HOUR });
  }
  recording.sql("COMMIT");
  const pieces = [...piecesOf(recording)];
  assert.ok(pieces.length > 5 && pieces.every((piece) => piece.length < 128 * 1024), `${pieces.length} pieces`);
  assert.equal(pieces.join(""), documentOf(recording));
  assert.equal(parsed(pieces.join("")).devices.length, 2_500);
});

test("the schema refuses what is no inventory", (t) => {
  const document = parsed(documentOf(new Recording(t)));
  for (const [what, wrong] of Object.entries({
    "another schema": { ...document, schema: "auscult.inventory/2" },
    "a field nobody knows": { ...document, more: 1 },
    "no coverage": { ...document, coverage: undefined },
    "time without microseconds": { ...document, coverage: { ...document.coverage, from: "2016-05-04T10:11:12Z" } },
    "a device without its lists": { ...document, devices: [{ id: "d1" }] },
  }))
    assert.equal(conforms(JSON.parse(JSON.stringify(wrong))), false, what);
});

type Evidence = (id: number) => readonly EvidenceRow[];

function documentOf(recording: Recording, evidenceOf: Evidence = () => []): string {
  return piecesOf(recording, evidenceOf).toArray().join("");
}

function* piecesOf(recording: Recording, evidenceOf: Evidence = () => []): Generator<string, undefined> {
  const store = new Store(recording.path);
  try {
    yield* inventory(store, coverageOf(store, "ward"), ({ endpoints }) => evidenceOf(endpoints[0]!.number));
  } finally {
    store.close();
  }
}

interface Inventory {
  readonly coverage: Readonly<Record<string, unknown>>;
  readonly devices: readonly Readonly<Record<string, unknown>>[];
  readonly conversations: readonly Readonly<Record<string, unknown>>[];
}

/** Read, and held against the schema. */
function parsed(text: string): Inventory {
  const document = JSON.parse(text) as Inventory;
  assert.ok(conforms(document), JSON.stringify(conforms.errors, null, 1));
  return document;
}

function evidence(it: Partial<EvidenceRow>): EvidenceRow {
  return {
    attribute: "names", value: "pump7", observed: "hostname", raw: "pump7", protocol: "dhcp", via: null, group: "names", weight: 12,
    why: "", first: END - HOUR, last: END, count: 3, ...it,
  }; // prettier-ignore
}
