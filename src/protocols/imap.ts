/**
 * IMAP: RFC 9051 and RFC 3501 before it.
 *
 * Mailboxes. Named: the server's greeting tells its program. Whether somebody logs in in the clear is told, and how that ended; what is in
 * the mailbox is not read.
 */
import { lineLength } from "../bytes/lines.ts";
import { ascii, withoutMail } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const imap: Protocol<Memory> = {
  name: "imap",
  title: "IMAP",
  over: [{ tcp: [143] }],
  privacy: {
    reads: "The greeting, the names of commands, and how a log-in ended.",
    ends: "Names, passwords, mailboxes and the mail.",
    keeps: ["serverBanner", "clearCredentials"],
  },
  recognize,
  messageLength: lineLength,
  wanted: () => LINE_BYTES_MAX,
  remember: () => ({ isAsked: false, tag: "" }),
  read,
};

interface Memory {
  /** The client has spoken: what comes is no greeting any more. */
  isAsked: boolean;
  /** Of the log-in that has not been answered; "": none. */
  tag: string;
}

const LINE_BYTES_MAX = 512;
/** RFC 9051 section 7.1. Other protocols begin lines with an asterisk too, and none of them goes on so. */
const GREETING = /^\* (?:OK|PREAUTH|BYE) (?:\[(?:CAPABILITY )?[^\]]{0,300}\] ?)?(.*)$/;
/** Section 6: a tag, then a command; of these, what no other protocol of lines has. */
const TELLING = /^[\w.]{1,16} (?:CAPABILITY|STARTTLS|AUTHENTICATE [\w-]{1,20}|LOGIN \S.*|ID (?:\(|NIL).*)··/i;
const COMMAND = /^([\w.]{1,16}) (CAPABILITY|STARTTLS|AUTHENTICATE|LOGIN|ID|NOOP|LOGOUT|SELECT|EXAMINE)(?= |·|$)/i;

function recognize(message: Uint8Array, side: Side): boolean {
  const text = ascii(message, LINE_BYTES_MAX);
  return (side !== "client" && GREETING.test(text)) || (side !== "server" && TELLING.test(text));
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  const line = ascii(message, LINE_BYTES_MAX).replace(/·+$/, "");
  if (side === "server") {
    // A busy server asks for patience first.
    if (!memory.isAsked) report.observe(sender, "serverBanner", withoutMail(GREETING.exec(line)?.[1] ?? ""));
    const outcome = memory.tag === "" || !line.startsWith(`${memory.tag} `) ? "" : line.slice(memory.tag.length + 1);
    if (outcome === "") return;
    memory.tag = "";
    if (/^OK\b/i.test(outcome)) {
      report.attempt("login", "accepted");
      // What comes now is mail.
      report.enough();
    } else if (/^NO\b/i.test(outcome)) report.attempt("login", "refused");
    return;
  }
  memory.isAsked ||= side === "client";
  const command = COMMAND.exec(line);
  // While somebody logs in, lines are names and passwords.
  if (side !== "client" || command === null || memory.tag !== "") return;
  const verb = command[2]!.toUpperCase();
  report.operation(verb);
  if (verb === "STARTTLS") return report.enough();
  if (verb !== "LOGIN" && verb !== "AUTHENTICATE") return;
  memory.tag = command[1]!;
  report.observe(receiver, "clearCredentials", "imap");
}
