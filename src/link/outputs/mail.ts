/**
 * Mail by SMTP (RFC 5321), through the hospital's own server: STARTTLS or TLS from the start, its certificate verified, unless the settings
 * say in the clear. Each mailbox has a queue of its own, so one that is full or gone holds up no other. What waits goes in one mail.
 *
 * "Taken" is the server's word for the whole mail. Where the connection ends after the mail was handed over and before that word, SMTP has no
 * way to ask: the same mail goes again under the same Message-ID, by which mail servers and programs know it for the same.
 */
import { createRequire } from "node:module";
import { PassThrough } from "node:stream";
import { clean } from "../../bytes/text.ts";
import type { Severity } from "../../model/finding.ts";
import { letterOf, type LetterOptions } from "./mail-text.ts";
import { ANSWER_MS, Unwanted, type Output, type Told } from "./output.ts";
import type * as Nodemailer from "nodemailer";

export interface MailOptions extends LetterOptions {
  readonly host: string;
  readonly port: number;
  /** `start`: before the first word; `upgrade`: STARTTLS, and nothing is sent without it; `off`: in the clear. */
  readonly tls: "start" | "upgrade" | "off";
  readonly from: string;
  readonly to: string;
  readonly severity: Severity;
  readonly restMs: number;
  readonly login?: { readonly user: string; readonly password: string };
  /** PEM: trusted instead of what this computer trusts. */
  readonly ca?: string;
  /** For tests: a server is waited for as long, and a mail is given up after as long, in milliseconds. */
  readonly silenceMs?: number;
  readonly wholeMs?: number;
}

/** Servers that look into a mail take their time after it; RFC 5321 section 4.5.3.2 would have us wait longer, and a duplicate be rarer. */
const SILENCE_MS = 60_000;
/** One that answers drop by drop. */
const WHOLE_MS = 3 * 60_000;
/** No mail server says more in one answer. */
const RESPONSE_BYTES_MAX = 16_384;
const ANSWER_LENGTH_MAX = 200;
const FINDINGS_MOST = 1_000;

/** 5xx to these is about this mail; to others it is about the connection or the log-in, which people mend. */
const OF_THE_MAIL: ReadonlySet<string | undefined> = new Set(["MAIL FROM", "RCPT TO", "DATA"]);
/** RFC 4954: "authentication required", whatever it answers. */
const LOGIN_WANTED = 530;

export function mail(options: MailOptions): Output {
  const closing = new AbortController();
  const send = (id: string, told: readonly Told[]) => sendMail(options, closing.signal, id, told);
  return {
    name: "mail",
    queue: `mail ${options.to}`,
    where: `${options.to} by ${options.host}:${options.port}`,
    severity: options.severity,
    together: { most: FINDINGS_MOST, restMs: options.restMs, send },
    send: (id, told) => send(id, [told]),
    close: () => closing.abort(),
  };
}

async function sendMail(options: MailOptions, closing: AbortSignal, id: string, told: readonly Told[]): Promise<string> {
  const { subject, text } = letterOf(told, options);
  const urgent = told.some(({ finding, test }) => finding.severity === "critical" && !test);
  // Loaded where mail is sent: a command that sends none begins at once.
  const { createTransport } = createRequire(import.meta.url)("nodemailer") as typeof Nodemailer;
  const transport = createTransport(connectionOf(options));
  let handedOver = false;
  transport.use("stream", (message, done) => {
    message.message.transform(() => new PassThrough({ flush: (end) => ((handedOver = true), end()) }));
    done();
  });
  try {
    const { response } = await transport.sendMail({
      from: { name: "Auscult", address: options.from },
      to: options.to,
      subject,
      text,
      messageId: `<${id}@${options.from.slice(options.from.lastIndexOf("@") + 1)}>`,
      priority: urgent ? "high" : "normal",
      xMailer: false,
      // RFC 3834, and what Exchange has for it: no absence notes in answer.
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      signal: AbortSignal.any([closing, AbortSignal.timeout(options.wholeMs ?? WHOLE_MS)]),
    });
    return `answered ${bounded(response)}`;
  } catch (error) {
    throw refusalOf(error as Nodemailer.NodemailerError, handedOver, closing.aborted);
  }
}

function connectionOf({ host, port, tls, ca, login, silenceMs = SILENCE_MS }: MailOptions): Nodemailer.SMTPTransportOptions {
  return {
    host,
    port,
    secure: tls === "start",
    requireTLS: tls === "upgrade",
    ignoreTLS: tls === "off",
    tls: ca === undefined ? {} : { ca },
    // A server that offers no log-in where the settings have one is not the one they mean.
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    disableFileAccess: true,
    disableUrlAccess: true,
    dnsTimeout: ANSWER_MS,
    connectionTimeout: Math.min(ANSWER_MS, silenceMs),
    greetingTimeout: Math.min(ANSWER_MS, silenceMs),
    socketTimeout: silenceMs,
    maxResponseSize: RESPONSE_BYTES_MAX,
  };
}

function refusalOf(error: Nodemailer.NodemailerError, handedOver: boolean, closed: boolean): Error {
  const { responseCode, permanent, command } = error;
  const said = closed ? "given up, since Auscult ended" : wordsOf(error);
  if (permanent === true && OF_THE_MAIL.has(command) && responseCode !== LOGIN_WANTED) return new Unwanted(said, { cause: error });
  if (!handedOver || responseCode !== undefined) return new Error(said, { cause: error });
  return new Error(`${said}; it may have been taken all the same, so it goes again under the same Message-ID`, { cause: error });
}

function wordsOf({ code, originalCode, timeoutType, message }: Nodemailer.NodemailerError): string {
  if (code === "EABORT" || timeoutType === "SOCKET_TIMEOUT") return "it took too long to answer";
  if (originalCode === "ERR_SSL_WRONG_VERSION_NUMBER") return "expected TLS from the start at this port, got none: smtp:// is for STARTTLS";
  return bounded(message);
}

/** A server says what it likes. */
function bounded(text: string): string {
  const line = clean(text.replace(/\s+/g, " "));
  return line.length > ANSWER_LENGTH_MAX ? `${line.slice(0, ANSWER_LENGTH_MAX).toWellFormed()}…` : line;
}
