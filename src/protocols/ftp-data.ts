/**
 * A file on its way by FTP (RFC 959 section 3.1): on a connection of its own, which the dialogue agreed on. Only how it begins is read: whether
 * it is a program.
 */
import { EXECUTABLE_FRONT_BYTES, isExecutable } from "../bytes/executable.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const ftpData: Protocol = {
  name: "ftp-data",
  title: "FTP data",
  over: [{ tcp: [] }],
  privacy: { reads: "That a file begins as a program does.", ends: "The file.", keeps: [] },
  // Anything may stand in a file: it is known by what was agreed on.
  recognize: () => false,
  messageLength: () => EXECUTABLE_FRONT_BYTES,
  read: (message: Uint8Array, report: Report, { sender, receiver }: Context) => {
    if (isExecutable(message)) report.notable("programCarried", undefined, 0, { sender, receiver });
    report.enough();
  },
};
