/**
 * PJL: HP's Printer Job Language Technical Reference, chapters 2 and 6, on what HP calls AppSocket.
 *
 * Nearly all printers take jobs so. Who asks one for its identification is told the model. Jobs are not read: names of people and of
 * documents stand in front of them, and pages behind.
 */
import { find } from "../bytes/find.ts";
import { ascii, withoutMail } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const pjl: Protocol<Memory> = {
  name: "pjl",
  title: "PJL",
  over: [{ tcp: [9100] }],
  privacy: {
    reads: "What a printer answers when it is asked what it is.",
    ends: "Jobs, their names and owners, and settings.",
    keeps: ["model"],
  },
  recognize: (message, side) => {
    const first = message[0];
    if (first !== ESCAPE && first !== AT) return false;
    // Only a job's sender leaves the language it was in.
    if (find(message.subarray(0, EXIT.length + PREFIX.length), `${EXIT}${PREFIX}`) === 0) return side !== "server";
    return find(message.subarray(0, ANSWER_FRONT_BYTES), `${PREFIX} `) === 0 && find(message, "\n") >= 0;
  },
  speaker: (message): Side => (message[0] === ESCAPE ? "client" : "unknown"),
  messageLength: (stream) => {
    const end = find(stream.subarray(0, LINE_BYTES_MAX), "\n");
    return end >= 0 ? end + 1 : stream.length < LINE_BYTES_MAX ? 0 : stream.length;
  },
  remember: () => ({ asked: false, lines: 0 }),
  read,
};

interface Memory {
  /** The next line a printer says is what it is. */
  asked: boolean;
  lines: number;
}

const ESCAPE = 0x1b;
const AT = 0x40;
/** Leaves whatever language the printer was in. */
const EXIT = "\x1b%-12345X";
const PREFIX = "@PJL";
const ANSWER_FRONT_BYTES = 5;
const LINE_BYTES_MAX = 512;
/** Before a job stand a few dozen settings; behind them pages, which have lines as well. */
const LINES_MAX = 200;

/** Chapter 3 and 6 to 11; `ENTER` hands over to the language of the pages. */
const OPERATIONS: Readonly<Record<string, string>> = {
  INFO: "INFO", INQUIRE: "INQUIRE", DINQUIRE: "INQUIRE", JOB: "JOB", ENTER: "ENTER", DEFAULT: "DEFAULT", INITIALIZE: "INITIALIZE",
  FSDOWNLOAD: "FILE_WRITE", FSAPPEND: "FILE_WRITE", FSUPLOAD: "FILE_READ", FSDIRLIST: "FILE_LIST", FSQUERY: "FILE_LIST", FSDELETE: "FILE_DELETE",
}; // prettier-ignore

function read(message: Uint8Array, report: Report, { side, sender, memory }: Context<Memory>): void {
  if (++memory.lines > LINES_MAX) return report.enough();
  const line = ascii(message)
    .replace(/^·%-12345X/, "")
    .replace(/[·\s]+$/, "");
  const [, command, what = ""] = /^@PJL\s+([A-Z]+)\s*(.*)$/i.exec(line) ?? [];
  if (side !== "server") {
    const verb = OPERATIONS[command?.toUpperCase() ?? ""];
    if (verb !== undefined) report.operation(verb);
    if (verb === "ENTER") report.enough();
    return;
  }
  // The answer repeats the question; the identification follows, in quotes (chapter 6, INFO ID).
  if (command !== undefined) memory.asked = command.toUpperCase() === "INFO" && what.toUpperCase() === "ID";
  else if (memory.asked && line !== "") {
    memory.asked = false;
    report.observe(sender, "model", withoutMail(line.replaceAll('"', "").trim()));
  }
}
