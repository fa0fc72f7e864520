/**
 * SMTP: RFC 5321, submission RFC 6409, log-ins RFC 4954.
 *
 * The greeting tells the server's program; whether somebody logs in is told, and how that ended. Who writes to whom, and what, is not
 * read: where the mail begins the reading ends.
 */
import { lineLength } from "../bytes/lines.ts";
import { ascii, withoutMail } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const smtp: Protocol<Memory> = {
  name: "smtp",
  title: "SMTP",
  over: [{ tcp: [25, 587, 2525] }],
  privacy: {
    reads: "The greeting, the names of commands, and how a log-in ended.",
    ends: "Names, passwords, who writes to whom, and the mail.",
    keeps: ["serverBanner", "clearCredentials"],
  },
  recognize,
  messageLength: lineLength,
  wanted: () => LINE_BYTES_MAX,
  remember: () => ({ loggingIn: false }),
  read,
};

interface Memory {
  /** Credentials are on their way; what answers them ends it. */
  loggingIn: boolean;
}

/** RFC 5321 section 4.5.3.1. */
const LINE_BYTES_MAX = 512;
const Reply = { loggedIn: 235, refused: 535, goOn: 334 } as const;
const GREETING = /^220[ -][^\n]*\b(?:E?SMTP|mail|postfix|exim|sendmail|exchange)\b/i;
const HELLO = /^(?:EHLO|HELO) [^\r\n]{1,255}\r?\n/i;
const COMMAND = /^(AUTH|DATA|EHLO|HELO|MAIL|NOOP|QUIT|RCPT|RSET|STARTTLS|VRFY|EXPN|BDAT)(?=[ \r]|$)/i;

function recognize(message: Uint8Array, side: Side): boolean {
  const text = ascii(message, LINE_BYTES_MAX);
  return (side !== "client" && GREETING.test(text)) || (side !== "server" && HELLO.test(asLine(message)));
}

function asLine(message: Uint8Array): string {
  return Buffer.from(message.subarray(0, LINE_BYTES_MAX)).toString("latin1");
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  const line = ascii(message, LINE_BYTES_MAX).replace(/·+$/, "");
  const code = Number(/^([2-5]\d\d)(?:[ -]|$)/.exec(line)?.[1] ?? 0);
  if (side !== "client" && code !== 0) {
    if (code === 220 && GREETING.test(line)) report.observe(sender, "serverBanner", withoutMail(line.slice(4)));
    if (!memory.loggingIn || code === Reply.goOn) return;
    memory.loggingIn = false;
    if (code === Reply.loggedIn || code === Reply.refused) report.attempt("login", code === Reply.loggedIn ? "accepted" : "refused");
    return;
  }
  const command = COMMAND.exec(line)?.[1]?.toUpperCase();
  // While somebody logs in, lines are names and passwords in base64.
  if (side === "server" || command === undefined) return;
  report.operation(command);
  if (command === "AUTH") {
    memory.loggingIn = true;
    report.notable("mailLogIn");
    report.observe(receiver, "clearCredentials", "smtp");
  }
  if (command === "DATA" || command === "BDAT" || command === "STARTTLS") report.enough();
}
