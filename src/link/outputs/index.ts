/** Who is told of findings, as the settings say; nobody unless they do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WrongSettings, type Settings } from "../../config.ts";
import { Outbox } from "../../store/outbox.ts";
import { callsFor, contactsIn } from "../contacts.ts";
import { inWords } from "../refusals.ts";
import { file } from "./file.ts";
import { mail, type MailOptions } from "./mail.ts";
import type { Output } from "./output.ts";
import { Sending } from "./sending.ts";
import { syslog } from "./syslog.ts";
import { webhook } from "./webhook.ts";

/** In the data directory. */
export const OUTBOX = "outbox.db";
export const OUTPUT_NAMES = ["syslog", "webhook", "file", "mail"] as const;

/** Throws WrongSettings where a file that is named cannot be read, or settings do not go together. */
export function outputsOf(dataDirectory: string, settings: Settings): readonly Output[] {
  const { outputSyslog, outputWebhook, outputWebhookKey, outputFile, outputMail, outputCa } = settings;
  const ca = outputCa === "" ? {} : { ca: textIn("outputCa", outputCa) };
  const outputs: Output[] = [];
  if (outputSyslog !== "") {
    const { protocol, hostname, port } = new URL(outputSyslog);
    const transport = protocol.slice(0, -1) as "udp" | "tcp" | "tls";
    outputs.push(syslog({ transport, host: bare(hostname), port: Number(port), ...ca }));
  }
  if (outputWebhook !== "") {
    if (outputWebhookKey === "")
      throw new WrongSettings("outputWebhookKey: expected a file with the key that webhooks are signed with, got none");
    const secret = textIn("outputWebhookKey", outputWebhookKey).trim();
    if (secret.length < KEY_LENGTH_MIN)
      throw new WrongSettings(`outputWebhookKey: expected a key of at least ${KEY_LENGTH_MIN} characters, got ${secret.length}`);
    outputs.push(webhook({ address: outputWebhook, secret, ...ca }));
  }
  if (outputFile !== "") outputs.push(file(outputFile));
  if (outputMail !== "") outputs.push(...mailsOf(dataDirectory, settings, ca));
  return outputs;
}

/** One for each mailbox. */
function mailsOf(data: string, settings: Settings, ca: { readonly ca?: string }): readonly Output[] {
  const { outputMail, outputMailTo, outputMailFrom, outputMailTls, outputMailMinutes, outputMailSeverity, outputPage } = settings;
  if (outputMailTo.length === 0) throw new WrongSettings("outputMailTo: expected the mailboxes that mail goes to, got none");
  if (outputMailFrom === "") throw new WrongSettings("outputMailFrom: expected the mailbox that mail comes from, got none");
  const { protocol, hostname, port } = new URL(outputMail);
  if (protocol === "smtps:" && outputMailTls === "off")
    throw new WrongSettings("outputMailTls: expected required where outputMail begins with smtps, got off");
  const options = {
    host: bare(hostname),
    port: Number(port),
    tls: outputMailTls === "off" ? "off" : protocol === "smtps:" ? "start" : "upgrade",
    from: outputMailFrom,
    severity: outputMailSeverity,
    restMs: outputMailMinutes * 60_000,
    page: outputPage,
    // Read anew for each mail: people change them, and who is called depends on the hour.
    callsFor: (party) => callsFor(contactsIn(data).contacts, party, new Date().getHours()),
    ...logInOf(settings),
    ...ca,
  } satisfies Omit<MailOptions, "to">;
  return outputMailTo.map((to) => mail({ ...options, to }));
}

function logInOf({ outputMailUser: user, outputMailPassword, outputMailTls }: Settings): Pick<MailOptions, "login"> {
  if (user === "" && outputMailPassword === "") return {};
  if (user === "") throw new WrongSettings("outputMailUser: expected the name of the log-in that outputMailPassword is for, got none");
  if (outputMailPassword === "")
    throw new WrongSettings("outputMailPassword: expected a file with the password of outputMailUser, got none");
  if (outputMailTls === "off") throw new WrongSettings("outputMailTls: expected required where outputMailUser logs in, got off");
  const password = textIn("outputMailPassword", outputMailPassword).replace(/\r?\n$/, "");
  if (password === "") throw new WrongSettings(`outputMailPassword: expected a password, got an empty file: ${outputMailPassword}`);
  return { login: { user, password } };
}

/** An IPv6 address as sockets take it. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Fewer are guessed. */
const KEY_LENGTH_MIN = 24;

/** Null where nobody is to be told. */
export function sendingOf(dataDirectory: string, settings: Settings, log: (text: string) => void): Sending | null {
  const outputs = outputsOf(dataDirectory, settings);
  if (outputs.length === 0) return null;
  const outbox = new Outbox(join(dataDirectory, OUTBOX));
  const sending = new Sending({ outbox, outputs, site: settings.site, severity: settings.outputSeverity, log });
  void sending.run();
  return sending;
}

function textIn(setting: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new WrongSettings(`${setting}: expected a file that can be read, got ${inWords(error)}: ${path}`, { cause: error });
  }
}
