/**
 * Citrix ICA, and CGP that carries it and reconnects it. Neither is published: greetings as captures show them (uncorroborated), so it is
 * only told that they are spoken. Thin clients at bedsides are steered by it.
 */
import { find } from "../bytes/find.ts";
import type { Protocol, Report } from "../model/protocol.ts";

export const citrix: Protocol = {
  name: "citrix",
  title: "Citrix ICA",
  over: [{ tcp: [1494, 2598] }],
  privacy: { reads: "The greetings.", ends: "Everything else.", keeps: [] },
  recognize: (message) =>
    GREETINGS.some(([front]) => front.charCodeAt(0) === message[0] && find(message.subarray(0, front.length), front) === 0),
  read,
};

/** Whoever greets says it first: the server in ICA, the client in CGP, and the other side answers alike. */
const GREETINGS = [
  ["\x7f\x7fICA\0", "ICA"],
  ["\x1aCGP/01", "CGP"],
] as const;

function read(message: Uint8Array, report: Report): void {
  const greeting = GREETINGS.find(([front]) => find(message.subarray(0, front.length), front) === 0);
  if (greeting === undefined) report.enough();
  else report.operation(greeting[1]);
}
