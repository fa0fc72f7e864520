/**
 * TFTP: RFC 1350, options RFC 2347.
 *
 * Devices without a disk load their firmware and settings by it, and the file's name often is the model's. Anyone may answer, and
 * anyone may write: who does is worth knowing.
 */
import { deviceFile, deviceFileKind } from "../knowledge/device-file.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const tftp: Protocol = {
  name: "tftp",
  title: "TFTP",
  over: [{ udp: [69] }],
  privacy: {
    reads: "Who asks for a file and who writes one.",
    ends: "Folders and file names, but for those of firmware and settings; the files.",
    keeps: ["fileName"],
  },
  recognize: (message) => request(message) !== null,
  read,
};

/** RFC 1350 section 5: a code of two bytes. Requests: name, NUL, mode, NUL. */
const OPERATIONS: Readonly<Record<number, string>> = { 1: "RRQ", 2: "WRQ" };
const ERROR = 5;
const TEXT_OFFSET = 2;
/** RFC 1350 section 1: "mail" was dropped by RFC 1123 section 4.2, but a request for it still is one. */
const MODES = new Set(["netascii", "octet", "mail"]);
/** RFC 2347 section 2: a request fits one datagram of 512 bytes. */
const REQUEST_BYTES_MAX = 512;

function read(message: Uint8Array, report: Report, { sender, senderPort, receiver }: Context): void {
  const asked = request(message);
  if (asked === null) {
    // Blocks of the file, and what ends them.
    if (message[0] !== 0 || (message[1] ?? 0) < 1 || message[1]! > ERROR + 1) report.malformed("neither a request nor part of a transfer");
    return report.enough();
  }
  report.operation(asked.operation);
  report.observe(sender, "fileName", deviceFile(asked.file));
  const named = deviceFileKind(asked.file);
  // As text every line end is written anew (RFC 1350 section 1): no program survives that.
  const kind = named === "firmware" && asked.isText ? "" : named;
  if (asked.operation === "WRQ") {
    if (kind !== "") report.notable(kind === "firmware" ? "firmwarePushed" : "settingsPushed");
  } else if (kind === "firmware") report.notable("firmwareFetched");
  // Section 4: the server answers from a port of its own choice, to the port that asked.
  report.expect({ transport: "udp", server: receiver, client: sender, port: senderPort, protocol: "tftp", begins: "server" });
}

function request(message: Uint8Array): { readonly operation: string; readonly file: string; readonly isText: boolean } | null {
  const operation = message[0] === 0 ? OPERATIONS[message[1] ?? 0] : undefined;
  if (operation === undefined || message.length > REQUEST_BYTES_MAX) return null;
  const nameEnd = message.indexOf(0, TEXT_OFFSET);
  const modeEnd = message.indexOf(0, nameEnd + 1);
  if (nameEnd <= TEXT_OFFSET || modeEnd < 0) return null;
  const mode = ascii(message.subarray(nameEnd + 1, modeEnd)).toLowerCase();
  return MODES.has(mode) ? { operation, file: ascii(message.subarray(TEXT_OFFSET, nameEnd)), isText: mode !== "octet" } : null;
}
