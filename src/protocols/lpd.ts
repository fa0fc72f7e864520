/** LPD, printing as of old: RFC 1179. Only that it is spoken is told: queues, jobs and their owners are named after people and wards. */
import { ascii } from "../bytes/text.ts";
import type { Protocol, Report } from "../model/protocol.ts";

export const lpd: Protocol = {
  name: "lpd",
  title: "LPD",
  over: [{ tcp: [515] }],
  privacy: { reads: "The kind of the first command.", ends: "Queues, jobs, owners and documents.", keeps: [] },
  recognize: (message, side) => side !== "server" && commandOf(message) !== "",
  speaker: () => "client",
  read,
};

/** Section 5: a code, a queue, a line feed. */
const COMMANDS: Readonly<Record<number, string>> = {
  1: "PRINT_WAITING",
  2: "RECEIVE_JOB",
  3: "QUEUE_STATE",
  4: "QUEUE_STATE",
  5: "REMOVE_JOBS",
};
/** With a command's operands. */
const LINE_BYTES = [4, 128] as const;
const LINE_FEED = 0x0a;

/** "" for anything but one whole command: a client waits for its answer before it says more. */
function commandOf(message: Uint8Array): string {
  const command = COMMANDS[message[0] ?? 0];
  if (command === undefined || message.length < LINE_BYTES[0] || message.length > LINE_BYTES[1] || message.at(-1) !== LINE_FEED) return "";
  return /^[A-Za-z0-9][\w.\-$/@ ]*$/.test(ascii(message.subarray(1, -1))) ? command : "";
}

function read(message: Uint8Array, report: Report): void {
  report.operation(commandOf(message) || "OTHER");
  report.enough();
}
