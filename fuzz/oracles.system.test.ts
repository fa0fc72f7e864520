/** Our parsers beside what others wrote to read the same protocols, over the same bytes: made by their programs, or captured. */
import assert from "node:assert/strict";
import { once, type EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { decode, encode, type DecodedPacket } from "dns-packet";
import * as fc from "fast-check";
import { Message } from "node-hl7-client";
import { ipWords } from "../src/bytes/address.ts";
import { addressOf, dnsMessage, targetOf, Type, type DnsMessage } from "../src/protocols/dns/message.ts";
import { readHeader, type Header } from "../src/protocols/hl7/header.ts";
import { contentOf } from "../src/protocols/hl7/mllp.ts";
import { segmentsOf } from "../src/protocols/hl7/segments.ts";
import { dialogue, type Said } from "../src/testing/dialogue.ts";
import { conversations, hear, observations } from "../src/testing/hear.ts";
import { assertProperty } from "../src/testing/property.ts";
import { messagesOf } from "./corpus.ts";

/** As far as it is used here: its own types ask for those of a logger and a mixin, which are not carried. */
interface Dimse {
  readonly Client: new () => EventEmitter & { addRequest(request: object): void; send(...to: readonly (string | number)[]): void };
  readonly Scp: new (socket: Socket, options: object) => { sendAssociationAccept(): void; sendAssociationReleaseResponse(): void };
  readonly requests: Readonly<Record<string, (new () => object) & { createStudyFindRequest(elements: object): object }>>;
  readonly responses: Readonly<Record<string, { fromRequest(request: object): object }>>;
  readonly constants: { readonly PresentationContextResult: Readonly<Record<string, number>> };
  readonly log: { setLevel(level: "silent"): void };
  readonly Implementation: { getImplementationVersion(): string; getImplementationClassUid(): string };
}

const dimse = createRequire(import.meta.url)("dcmjs-dimse") as Dimse;
dimse.log.setLevel("silent");

const CAPTURES = join(import.meta.dirname, "..", "..", "shared", "captures");
const skip = existsSync(CAPTURES) ? false : `no captures at ${CAPTURES}`;
const captured = skip === false ? messagesOf([CAPTURES]) : Promise.resolve(new Map<string, Uint8Array[]>());

const TYPES: Readonly<Record<string, number>> = { A: Type.a, AAAA: Type.aaaa, CNAME: Type.cname, PTR: Type.ptr, SRV: Type.srv };

/** What a message says, one line each: questions, and the records both readers know. Names without case, addresses as numbers. */
function dnsLines(message: DnsMessage): string[] {
  const records = [...message.answers, ...message.authorities, ...message.additional];
  return [
    ...message.questions.map(({ name }) => `asks ${plain(name)}`),
    ...records
      .filter(({ type }) => Object.values(TYPES).includes(type))
      .map((it) => `${plain(it.name)} ${it.type} ${said(addressOf(it) || targetOf(it))}`),
  ];
}

function theirDnsLines({ questions = [], answers = [], authorities = [], additionals = [] }: DecodedPacket): string[] {
  return [
    ...questions.map(({ name }) => `asks ${plain(name)}`),
    ...[...answers, ...authorities, ...additionals].flatMap((it) => {
      const type = TYPES[it.type];
      if (type === undefined || !("data" in it)) return [];
      const data = it.type === "SRV" ? it.data.target : typeof it.data === "string" ? it.data : "";
      return [`${plain(it.name)} ${type} ${said(data)}`];
    }),
  ];
}

function said(data: string): string {
  const words = ipWords(data);
  return words === null ? plain(data) : JSON.stringify(words);
}

/** Names are bytes (RFC 2181 section 11); what stands for those beyond ASCII is each reader's own choice. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^!-~]/gu, "?");
}

test("what dns-packet writes is read as it was meant", () => {
  const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));
  const record = fc.oneof(
    fc.record({ type: fc.constant("A" as const), name, data: fc.ipV4() }),
    fc.record({ type: fc.constant("AAAA" as const), name, data: fc.ipV6().filter((it) => !it.includes(".")) }),
    fc.record({ type: fc.constantFrom("PTR" as const, "CNAME" as const), name, data: name }),
    fc.record({ type: fc.constant("SRV" as const), name, data: fc.record({ port: fc.nat(65_535), target: name }) }),
    fc.record({ type: fc.constant("TXT" as const), name, data: fc.string({ maxLength: 40 }) }),
  );
  const records = fc.array(record, { maxLength: 6 });
  const message = fc.record({ questions: fc.array(name, { maxLength: 3 }), answers: records, authorities: records, additionals: records });
  assertProperty(
    fc.property(message, ({ questions, ...sections }) => {
      const bytes = encode({ type: "response", questions: questions.map((it) => ({ type: "A", name: it })), ...sections });
      const ours = dnsMessage(bytes);
      assert.equal(ours?.trouble, "");
      assert.deepEqual(dnsLines(ours), theirDnsLines(decode(bytes)));
    }),
  );
});

test("captured DNS, mDNS and LLMNR say the same to dns-packet", { skip }, async () => {
  const messages = await captured;
  let compared = 0;
  for (const protocol of ["dns", "mdns", "llmnr"])
    for (const bytes of messages.get(protocol) ?? []) {
      const ours = dnsMessage(bytes);
      const theirs = decoded(bytes);
      // Over TCP a length comes first; theirs wants whole messages, ours keeps what came before the broken place.
      if (ours === null || theirs === null || ours.trouble !== "") continue;
      assert.deepEqual(dnsLines(ours), theirDnsLines(theirs), Buffer.from(bytes).toString("hex"));
      compared++;
    }
  assert.ok(compared >= 300, `${compared} messages compared`);
});

/** null: it does not read this. */
function decoded(bytes: Uint8Array): DecodedPacket | null {
  try {
    return decode(Buffer.from(bytes));
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Both programs with their facilities, what kind of message it is and its number: as ours reads it, and as theirs does. */
function sameHeader(content: Uint8Array): Header | null {
  const [first] = segmentsOf(content);
  const header = readHeader(first!.bytes);
  const theirs = new Message({ text: Buffer.from(content).toString("latin1").replaceAll("\n", "\r").trim() });
  const field = (path: string) => (theirs.exists(path) ? theirs.get(path).toString() : "");
  const party = (application: string, facility: string) => `${field(application)}@${field(facility)}`.replace(/^@|@$/g, "");
  assert.deepEqual(
    [header?.from, header?.to, header?.code, header?.trigger, header?.control],
    [party("MSH.3", "MSH.4"), party("MSH.5", "MSH.6"), field("MSH.9.1"), field("MSH.9.2"), field("MSH.10")],
  );
  return header;
}

test("what node-hl7-client writes has the header it was meant to have", () => {
  const word = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,14}$/);
  const party = fc.tuple(word, word);
  assertProperty(
    fc.property(party, party, word, fc.constantFrom("A01", "O01", "R01", "R40"), ([from, at], [to, there], control, event) => {
      const message = new Message({ messageHeader: { msh_9_1: "ADT", msh_9_2: event, msh_10: control, msh_11_1: "P" } });
      message.set("MSH.3", from).set("MSH.4", at).set("MSH.5", to).set("MSH.6", there);
      const header = sameHeader(Buffer.from(message.toString()));
      assert.deepEqual([header?.from, header?.to, header?.control], [`${from}@${at}`, `${to}@${there}`, control]);
    }),
  );
});

test("captured HL7 messages have the same header to node-hl7-client", { skip }, async () => {
  const messages = (await captured).get("hl7") ?? [];
  const whole = messages.map(contentOf).filter((it) => it !== null);
  for (const content of whole) sameHeader(content);
  assert.ok(whole.length > 0);
});

test("an association of dcmjs-dimse with itself is read as it was meant", async () => {
  const { said, implementation } = await association("CT_ROOM_2", "ARCHIVE", "CT.1 4711");
  const batches = hear(dialogue({ client: "10.0.0.1", server: "10.0.0.2", port: 104 }, said));
  const heard = observations(batches);
  for (const line of [
    "10.0.0.1 aeTitle: CT_ROOM_2, dicom",
    "10.0.0.2 aeTitle: ARCHIVE, dicom",
    `10.0.0.1 dicomImplementation: ${implementation}, dicom`,
    `10.0.0.2 dicomImplementation: ${implementation}, dicom`,
    `10.0.0.1 sopClass: ${VERIFICATION}, dicom`,
    `10.0.0.2 sopClass: ${VERIFICATION}, dicom`,
    `10.0.0.1 sopClass: ${STUDY_FIND}, dicom`,
  ])
    assert.ok(heard.includes(line), `${line} is missing in\n${heard.join("\n")}`);
  // The server refused it.
  assert.ok(!heard.includes(`10.0.0.2 sopClass: ${STUDY_FIND}, dicom`));
  assert.match(conversations(batches)[0]!, /C-ECHO/);
  // What was asked for is a patient's.
  assert.ok(!JSON.stringify(batches).includes("4711"));
});

const VERIFICATION = "1.2.840.10008.1.1";
const STUDY_FIND = "1.2.840.10008.5.1.4.1.2.2.1";

/** What both sides of it said: an echo the server grants, and a query for a patient it does not. */
async function association(calling: string, called: string, patient: string): Promise<{ said: readonly Said[]; implementation: string }> {
  const { Client, Scp, requests, responses, constants, Implementation } = dimse;
  class Archive extends Scp {
    associationRequested(asked: Association): void {
      for (const { id } of asked.getPresentationContexts()) {
        const context = asked.getPresentationContext(id);
        const { Accept, RejectAbstractSyntaxNotSupported } = constants.PresentationContextResult;
        if (context.getAbstractSyntaxUid() === VERIFICATION) context.setResult(Accept!, context.getTransferSyntaxUids()[0]);
        else context.setResult(RejectAbstractSyntaxNotSupported!);
      }
      this.sendAssociationAccept();
    }
    cEchoRequest(request: object, answer: (response: object) => void): void {
      answer(responses["CEchoResponse"]!.fromRequest(request));
    }
    associationReleaseRequested(): void {
      this.sendAssociationReleaseResponse();
    }
  }

  const said: Said[] = [];
  const archive = createServer((socket) => new Archive(socket, {})).listen(0, "127.0.0.1");
  await once(archive, "listening");
  // Between the two, since neither tells its bytes.
  const between = createServer((client) => {
    const server = connect((archive.address() as AddressInfo).port, "127.0.0.1");
    client.on("data", (bytes: Buffer) => said.push(["client", bytes]));
    server.on("data", (bytes: Buffer) => said.push(["server", bytes]));
    client.pipe(server).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(between, "listening");
  try {
    const client = new Client();
    client.addRequest(new requests["CEchoRequest"]!());
    client.addRequest(requests["CFindRequest"]!.createStudyFindRequest({ PatientID: patient }));
    client.send("127.0.0.1", (between.address() as AddressInfo).port, calling, called);
    await once(client, "closed");
  } finally {
    archive.close();
    between.close();
  }
  const [version, uid] = [Implementation.getImplementationVersion(), Implementation.getImplementationClassUid()];
  return { said, implementation: `${uid} ${version}` };
}

interface Association {
  getPresentationContexts(): readonly { readonly id: number }[];
  getPresentationContext(id: number): {
    getAbstractSyntaxUid(): string;
    getTransferSyntaxUids(): readonly string[];
    setResult(result: number, syntax?: string): void;
  };
}
