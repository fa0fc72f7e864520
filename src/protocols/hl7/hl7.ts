/**
 * HL7 version 2 (chapter 2) over MLLP, on any port.
 *
 * Admissions, orders and results, between whoever keeps them and whoever needs them. The header of each message names the application
 * that sends it and the one it is for, what kind of message it is, and which version and profile it follows. Results of bedside devices and
 * analyzers also say which device they are of. Nearly everything else is the patient: of that it is only noticed that it crossed in the clear.
 */
import type { Child, Context, Protocol, Report } from "../../model/protocol.ts";
import { noRows, readRow, type Rows } from "./devices.ts";
import { readHeader } from "./header.ts";
import type { Header } from "./header.ts";
import { contentOf, messageLength, recognize, resume } from "./mllp.ts";
import { acknowledged, namesPatient, segmentsOf } from "./segments.ts";
import { nounOf, verbOf } from "./kinds.ts";
import { noPrograms, readOrder, readReport, tellOrder, tellReport, type Programs } from "./programs.ts";

export const hl7: Protocol<Memory> = {
  name: "hl7",
  title: "HL7",
  over: [{ tcp: [2575, 6661, 6662, 6663, 6664, 3700] }],
  setting: "clinical",
  idleMinutes: 120,
  privacy: {
    reads:
      "The header of each message: both applications and facilities, type, version, character set, profile; whether it was accepted. Of results the device they come from: what it is and measures, its model, serial number and bed. Of alarms whether they were paused. Of orders to pumps, and what pumps say they are set to, what is needed to compare them: rate, volume, drug, weight.",
    ends: "Every other field: patients, next of kin, staff, orders, results, notes, message numbers. That there is a patient is noticed, never which. What pumps are told is compared in the sensor with the pharmacy's limits and with what is usual; of that only ratios go further, of two digits and 1,000 at most, without drug, order or patient.",
    keeps: [
      "hl7Application",
      "hl7Role",
      "hl7Profile",
      "patientData",
      "maker",
      "model",
      "serial",
      "udi",
      "software",
      "description",
      "location",
      "uuid",
      "capability",
      "deviceCode",
      "speaksFor",
      "programming",
    ],
  },
  recognize,
  messageLength,
  resume,
  remember: () => ({ awaiting: "", told: [], pumps: [], by: "unknown", control: "", accepted: [], patientSeen: false }),
  read,
};

interface Memory {
  /** What was sent and not yet acknowledged, "" if nothing. MLLP waits for each answer, so there is one at most. */
  awaiting: string;
  /** What the results in it are of, by their codes: "infusions", "measurements". */
  told: readonly string[];
  /** Whose programs the orders in it are. */
  pumps: readonly Child[];
  by: Context["side"];
  /** Number of what was sent last, and those that were accepted, the latest last. */
  control: string;
  accepted: readonly string[];
  /** Patient data was reported for this conversation. */
  patientSeen: boolean;
}

/** What measured, infused or analyzed speaks in these. */
const RESULTS = new Set(["ORU", "OUL"]);
/** A pharmacy gives: IHE PCD-03 programs pumps by it. */
const GIVE = "RGV";
/** Chapter 3: patients, visits and accounts become one. */
const MERGES = new Set(["A18", "A30", "A34", "A35", "A36", "A39", "A40", "A41", "A42", "A47", "A49"]);
/** Numbers of accepted messages that are remembered. */
const ACCEPTED_MAX = 32;
/** A batch may hold any number; more in one frame tell nothing more. */
const MESSAGES_MAX = 64;
/** As many are told that their orders were answered. */
const PUMPS_MAX = 64;

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const content = contentOf(message);
  // A commit of MLLP 2, what stands between messages, or the rest of one that was too long.
  if (content === null) return;
  let header: Header | null = null;
  let messages = 0;
  let rows = noRows();
  let programs = noPrograms();
  for (const segment of segmentsOf(content)) {
    if (segment.name === "MSH") {
      if (++messages > MESSAGES_MAX) return;
      if (header !== null) tellPrograms(header, programs, report, context);
      header = readHeader(segment.bytes);
      rows = noRows();
      programs = noPrograms();
      if (header !== null) tell(header, report, context);
      else if (!context.cut) report.malformed("a header without separators, or that ends before its message type");
    } else if (header !== null) {
      if (segment.name === "MSA") answer(acknowledged(segment.bytes, header.separator), report, context);
      if (RESULTS.has(header.code)) {
        readRow(segment, header, rows, context.sender, report);
        readReport(segment, header, programs, rows, context.sender, report);
      } else if (header.code === GIVE) readOrder(segment, header, programs, context.receiver, report);
      if (rows.doing !== "") tellDoing(rows, report, context);
      if (!context.memory.patientSeen && namesPatient(segment, header)) {
        context.memory.patientSeen = true;
        report.observe(context.sender, "patientData", "hl7");
      }
    }
  }
  // Of one whose end is missing the last step may lack what makes it clear.
  if (header !== null && !context.cut) tellPrograms(header, programs, report, context);
  if (messages === 0) report.malformed("a frame without a message");
}

function tellPrograms({ code }: Header, programs: Programs, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  if (code === GIVE) {
    tellOrder(programs, receiver, report);
    memory.pumps = [...memory.pumps, ...programs.pumps].slice(0, PUMPS_MAX);
  } else if (RESULTS.has(code)) tellReport(programs, sender, report);
}

function tell(header: Header, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  report.operation(verbOf(header.code, header.trigger));
  if (header.code === "ADT" && MERGES.has(header.trigger)) report.notable("hl7Merge");
  if (memory.accepted.includes(header.control) && header.control !== "") report.notable("hl7Replay", header.control);
  report.observe(sender, "hl7Application", header.from);
  // Where an engine stands between them it is reached under the names of all those behind it; the core knows who said so.
  report.observe(receiver, "hl7Application", header.to);
  for (const profile of header.profiles) report.observe(sender, "hl7Profile", profile);
  const noun = nounOf(header.code, header.trigger);
  if (noun === "") return;
  report.observe(sender, "hl7Role", `sends ${noun}`);
  memory.awaiting = noun;
  memory.control = header.control;
  memory.told = memory.pumps = [];
  memory.by = side;
}

/** Who reports what is infused or measured is a device, or speaks for devices; the codes say which of both. */
function tellDoing(rows: Rows, report: Report, { sender, memory }: Context<Memory>): void {
  const noun = rows.doing.startsWith("infuses") ? "infusions" : "measurements";
  rows.doing = "";
  if (memory.told.includes(noun)) return;
  memory.told = [...memory.told, noun];
  report.observe(sender, "hl7Role", `sends ${noun}`);
}

/** Only who acknowledges what came is a receiver: anything that takes connections can be sent to. */
function answer(accepted: boolean | null, report: Report, { side, sender, memory }: Context<Memory>): void {
  if (accepted === null || memory.awaiting === "" || memory.by === side) return;
  if (accepted) for (const noun of [memory.awaiting, ...memory.told]) report.observe(sender, "hl7Role", `receives ${noun}`);
  if (memory.awaiting === "orders") report.attempt("order", accepted ? "accepted" : "refused");
  if (accepted) memory.accepted = [...memory.accepted, memory.control].slice(-ACCEPTED_MAX);
  if (accepted) for (const pump of memory.pumps) report.observe(pump, "programming", "answers");
  memory.awaiting = "";
  memory.pumps = [];
}
