/** P-DATA: the values in one unit, PS3.8 section 9.3.5 and annex E. Commands are put together; of a data set the front is read. */
import { Reader } from "../../bytes/reader.ts";
import type { Context, Report } from "../../model/protocol.ts";
import { readCommand } from "./command.ts";
import type { Command } from "./command.ts";
import { readDataSet } from "./data-set.ts";
import { NOTHING } from "./memory.ts";
import type { Memory, Speaker } from "./memory.ts";
import { Control, PDU_HEADER_BYTES, VALUE_HEADER_BYTES, VALUES_MAX } from "./pdu.ts";

export function readData(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const { memory, side, cut } = context;
  const speaker = side === "server" ? memory.server : memory.client;
  const header = new Reader(message, 2);
  const end = PDU_HEADER_BYTES + header.u32();
  const values = new Reader(message, PDU_HEADER_BYTES, end);

  for (let i = 0; i < VALUES_MAX && values.remaining >= VALUE_HEADER_BYTES; i++) {
    const length = values.u32();
    const contextId = values.u8();
    const control = values.u8();
    const fragmentLength = length - 2;
    if (fragmentLength < 0 || values.offset + fragmentLength > end) return report.malformed("a value is longer than the unit it is in");

    const fragment = values.take(fragmentLength);
    if ((control & Control.command) !== 0) {
      const isWhole = !values.overrun && (control & Control.last) !== 0;
      readCommandFragment(fragment, isWhole, speaker, report, context);
    } else if (speaker.awaited !== null) {
      const dataSet = readDataSet(fragment, memory.syntaxes.get(contextId) ?? "unknown", speaker.awaited, report, context);
      if (dataSet.holdsPatient && !memory.patientSeen) {
        memory.patientSeen = true;
        report.observe(context.sender, "patientData", "dicom");
      }
      // Later fragments of it are pixels.
      speaker.awaited = null;
    }
    if (values.overrun) {
      if (!cut) report.malformed("a value runs past the end");
      return;
    }
  }
}

/** PS3.7 section 6.3.1 allows a command to be in fragments, which nobody needs below this. A longer one is let go. */
const COMMAND_BYTES_MAX = 2 << 10;

function readCommandFragment(fragment: Uint8Array, isWhole: boolean, speaker: Speaker, report: Report, context: Context<Memory>): void {
  const soFar = speaker.command.length === 0 ? fragment : Buffer.concat([speaker.command, fragment.subarray(0, COMMAND_BYTES_MAX)]);
  if (!isWhole) {
    // A copy, since the message is gone after this call.
    speaker.command = Uint8Array.from(soFar.subarray(0, COMMAND_BYTES_MAX));
    return;
  }
  speaker.command = NOTHING;
  const command = readCommand(soFar);
  if (command === null) return report.malformed("a command set without a command");
  tell(command, report, context);
  speaker.awaited = command.dataSetFollows ? { isObject: command.verb === "C-STORE" && command.isRequest } : null;
}

function tell(command: Command, report: Report, { side, sender, memory }: Context<Memory>): void {
  report.operation(command.verb);
  if (!command.isRequest) return;
  // What is fetched (C-GET) comes from the server, in requests too.
  if (command.verb === "C-STORE" && side === "client" && !command.isOnBehalf) report.observe(sender, "storedClass", command.sopClass);
  // Heard from the middle: the class at hand is all that says what the two can do.
  if (memory.syntaxes.size === 0) report.observe(sender, "sopClass", command.sopClass);
  // PS3.7 section 9.1.1: only who was asked to send images on names who asked.
  if (command.isOnBehalf) report.observe(sender, "dicomRole", "archive");
  if (command.verb === "C-FIND") report.notable("dicomQuery");
  if (command.verb === "C-MOVE" || command.verb === "C-GET") report.notable("dicomRetrieve");
  if (command.isOnBehalf && !memory.onBehalfSeen) {
    memory.onBehalfSeen = true;
    report.notable("dicomSubOperation");
  }
}
