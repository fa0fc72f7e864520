import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notes } from "../src/testing/notes.ts";
import { messagesOf, readCapture } from "./corpus.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");
/** Captures others made, which are never copied into the project. */
const MEDICAL = join(import.meta.dirname, "..", "..", "shared", "captures", "medical");

test("messages are cut for each protocol: whole ones, in either direction, over several segments, inside others", async () => {
  const messages = await messagesOf([FIXTURES]);
  const of = (name: string) => (messages.get(name) ?? []).map((bytes) => Buffer.from(bytes).toString("latin1"));
  assert.ok(
    of("hl7").some((text) => text.startsWith("\x0bMSH") && text.length > 3000 && text.endsWith("\x1c")),
    "over three segments",
  );
  assert.ok(
    of("ntlmssp").every((text) => text.startsWith("NTLMSSP\0")),
    "inside HTTP",
  );
  assert.ok(of("dns").length > 2 && of("arp").length > 2, "datagrams, and frames without IP");
});

/** What the parser tells of one capture, each line once. */
async function told(file: string, protocol: string): Promise<string[]> {
  const memories = new Map<string, unknown>();
  const lines = new Set<string>();
  for (const message of (await readCapture(join(MEDICAL, file))).filter((it) => it.protocol.name === protocol)) {
    if (!memories.has(message.conversation)) memories.set(message.conversation, message.protocol.remember?.());
    const surroundings = { ...message, sender: { ip: message.sender.ip ?? "" }, receiver: { ip: message.receiver.ip ?? "" } };
    for (const line of notes(message.protocol, message.bytes, { ...surroundings, memory: memories.get(message.conversation) }))
      lines.add(line);
  }
  return [...lines];
}

const skip = existsSync(MEDICAL) ? false : `no captures at ${MEDICAL}`;

test("captures of HL7 that nobody here wrote", { skip }, async () => {
  assert.deepEqual(await told("tapirx__HL7-ADT.pcap", "hl7"), [
    "operation: ADT^A01",
    "10.0.0.155 hl7Application: SENDING_APPLICATION@SENDING_FACILITY",
    "10.0.0.126 hl7Application: RECEIVING_APPLICATION@RECEIVING_FACILITY",
    "10.0.0.155 hl7Profile: HL7 2.3",
    "10.0.0.155 hl7Role: sends admissions",
    "10.0.0.155 patientData: hl7",
    "operation: ACK",
    "10.0.0.126 hl7Profile: HL7 2.3",
    "10.0.0.126 hl7Role: receives admissions",
  ]);
  assert.deepEqual(
    (await told("tapirx__HL7-ORM.pcap", "hl7")).filter((line) => !line.includes("hl7Application")),
    [
      "operation: ORM^O01",
      "10.0.0.155 hl7Profile: HL7 2.3",
      "10.0.0.155 hl7Role: sends orders",
      "10.0.0.155 patientData: hl7",
      "operation: ACK",
      "10.0.0.126 hl7Profile: HL7 2.3",
      "10.0.0.126 hl7Role: receives orders",
      "order accepted",
    ],
  );
  // Without a frame, in the data of a SYN.
  assert.deepEqual((await told("mpa__replay_attack.pcap", "hl7")).slice(0, 3), [
    "operation: ADT^A01",
    "192.168.1.5 hl7Application: SRC@HOSP",
    "192.168.1.10 hl7Application: DST@HOSP",
  ]);
});

test("captures of DICOM that nobody here wrote", { skip }, async () => {
  const withoutClasses = async (file: string) => (await told(file, "dicom")).filter((line) => !line.includes("sopClass"));
  const client = ["127.0.0.1 aeTitle: testclient", "127.0.0.1 dicomImplementation: 1.2.826.0.1.3680043.9.7133.1.1 GODICOM_1_1"];
  assert.deepEqual(await withoutClasses("tapirx__dicom_arq_1_find_testclient.pcap"), [
    ...client,
    "127.0.0.1 dicomRole: query client",
    "127.0.0.1 dicomRole: worklist client",
  ]);
  assert.deepEqual(await withoutClasses("tapirx__dicom_arq_2_get_testclient.pcap"), [...client, "127.0.0.1 dicomRole: retrieve client"]);
  assert.deepEqual(await withoutClasses("tapirxl__synthetic_philips_demo.pcap"), [
    "10.10.10.30 aeTitle: CT9999999",
    "10.10.10.30 dicomImplementation: 1.3.46.670589.30.36.0 PMS_ELEVA_416",
    "10.10.10.30 dicomRole: storage sender",
    "association accepted",
    "notable: dicomAssociation",
    "10.10.20.20 aeTitle: CCPLATFORM",
    "10.10.20.20 dicomImplementation: 1.3.46.670589.40.12.2.1 PMS_ELEVA_CCP12",
    "10.10.20.20 dicomRole: storage receiver",
    "operation: C-STORE",
    "10.10.10.30 storedClass: 1.2.840.10008.5.1.4.1.1.2",
    "10.10.10.30 imagesOf: Brilliance iCT",
    "10.10.10.30 patientData: dicom",
  ]);
});
