/**
 * A program as the first that crosses on a connection of no protocol. Files are carried by protocols that agree on them first; who opens a
 * port to push a program in means something by it.
 */
import { isExecutable } from "../bytes/executable.ts";
import type { Protocol, Report, Side } from "../model/protocol.ts";

export const program: Protocol = {
  name: "program",
  title: "Program",
  over: [{ tcp: [] }, { udp: [] }],
  privacy: { reads: "That it begins as a program does.", ends: "The program.", keeps: [] },
  recognize: isExecutable,
  speaker: (): Side => "unknown",
  read: (_message, report: Report) => {
    report.notable("program");
    report.enough();
  },
};
