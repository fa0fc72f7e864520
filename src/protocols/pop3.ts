/**
 * POP3: RFC 1939, extensions RFC 2449, log-ins RFC 5034.
 *
 * Mailboxes. Named: the server's greeting tells its program. Whether somebody logs in in the clear is told, and how that ended; the mail is
 * not read.
 */
import { lineLength } from "../bytes/lines.ts";
import { ascii, withoutMail } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const pop3: Protocol<Memory> = {
  name: "pop3",
  title: "POP3",
  over: [{ tcp: [110] }],
  privacy: {
    reads: "The greeting, the names of commands, and how a log-in ended.",
    ends: "Names, passwords and the mail.",
    keeps: ["serverBanner", "clearCredentials"],
  },
  recognize,
  messageLength: lineLength,
  wanted: () => LINE_BYTES_MAX,
  remember: () => ({ isGreeted: false, isLoggingIn: false }),
  read,
};

interface Memory {
  isGreeted: boolean;
  /** A password is on its way; what answers it ends that. */
  isLoggingIn: boolean;
}

/** RFC 2449 section 4: an answer has 512 bytes at most. */
const LINE_BYTES_MAX = 512;
/** RFC 1939 section 4 leaves the words free; a greeting says its trade, or has a stamp for APOP (section 7) in it. */
const GREETING = /^\+OK (.*\bPOP.*|.*\bready\b.*|.*<[^<>@]+@[^<>@]+>.*)$/i;
/** What neither mail nor files know. */
const TELLING = /^(?:CAPA|STLS|APOP \S+ [0-9a-f]{32}|UIDL)··/i;
const COMMAND = /^(CAPA|STLS|APOP|AUTH|USER|PASS|STAT|LIST|RETR|UIDL|TOP|DELE|QUIT)(?= |·|$)/i;

function recognize(message: Uint8Array, side: Side): boolean {
  const text = ascii(message, LINE_BYTES_MAX);
  return (side !== "client" && GREETING.test(text)) || (side !== "server" && TELLING.test(text));
}

function read(message: Uint8Array, report: Report, { side, sender, receiver, memory }: Context<Memory>): void {
  const line = ascii(message, LINE_BYTES_MAX).replace(/·+$/, "");
  if (side === "server") {
    // A stamp at its end is another each time.
    if (!memory.isGreeted && line.startsWith("+OK "))
      report.observe(sender, "serverBanner", withoutMail(line.slice(4)).replace(/<.*/, "").trim());
    memory.isGreeted = true;
    if (!memory.isLoggingIn || !/^[+-][A-Z]/.test(line)) return;
    memory.isLoggingIn = false;
    report.attempt("login", line.startsWith("+OK") ? "accepted" : "refused");
    // What comes now is mail.
    if (line.startsWith("+OK")) report.enough();
    return;
  }
  const verb = side === "client" && !memory.isLoggingIn ? COMMAND.exec(line)?.[1]?.toUpperCase() : undefined;
  if (verb === undefined) return;
  report.operation(verb);
  if (verb === "STLS") return report.enough();
  memory.isLoggingIn = verb === "PASS" || verb === "APOP" || (verb === "AUTH" && /^AUTH \S/i.test(line));
  if (verb === "PASS" || (verb === "AUTH" && memory.isLoggingIn)) report.observe(receiver, "clearCredentials", "pop3");
}
