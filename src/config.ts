/**
 * Every setting, declared once: `--help`, the settings file, its error messages and docs/settings.md are all made from this table.
 * Precedence: command line, then environment (AUSCULT_<NAME>), then `settings.yaml` in the data directory, then the fallback.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isIP } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { ipWords } from "./bytes/address.ts";
import { ROLE_NAMES, type GroupRole } from "./model/account.ts";
import { AT_ONCE, type AskRules } from "./model/asking.ts";
import { FAMILIES, SEVERITIES, type Severity } from "./model/finding.ts";
import type * as Yaml from "yaml";

interface Setting<Value> {
  readonly doc: string;
  readonly fallback: Value;
  /** From text; throws an Error that says what was expected and what came. */
  readonly parse: (text: string) => Value;
}

function setting<Value>(it: Setting<Value>): Setting<Value> {
  return it;
}

const table = {
  site: setting({ doc: "Name of this site: one address space.", fallback: "main", parse: name }),
  host: setting({
    doc: "Address the web page listens on; `0.0.0.0` is all of them. Anything but loopback needs accounts and TLS.",
    fallback: "127.0.0.1",
    parse: address,
  }),
  port: setting({ doc: "Port of the web page; when it is taken, a free one is used and printed.", fallback: 4180, parse: port }),
  tlsCertificate: setting({
    doc: "Certificate of the web page: a PEM file, with what leads to it; or `made` for one of Auscult's own, whose fingerprint is printed. Empty: no TLS.",
    fallback: "",
    parse: (text) => text,
  }),
  tlsKey: setting({
    doc: "Private key of that certificate, a PEM file. Empty where it is in the same file.",
    fallback: "",
    parse: (text) => text,
  }),
  signOnIssuer: setting({
    doc: "Single sign-on by OpenID Connect: address of the hospital's provider, such as `https://login.hospital.example`. Empty: local accounts alone, and nobody is asked anything.",
    fallback: "",
    parse: issuer,
  }),
  signOnClient: setting({ doc: "What Auscult is called at that provider (client id).", fallback: "", parse: (text) => text.trim() }),
  signOnSecret: setting({
    doc: "File with the secret the provider gave for it. The secret itself is no setting: settings are read by many. Empty: the provider asks for none (public client).",
    fallback: "",
    parse: (text) => text,
  }),
  signOnTitle: setting({ doc: "What the button says after `Sign in with`.", fallback: "single sign-on", parse: title }),
  signOnRoles: setting<readonly GroupRole[]>({
    doc: "Who comes in, by groups of the provider: `auscult-biomed=biomed, north-biomed=biomed@north`, with `@` of many sites one. The first role that fits is the person's, at all the sites their groups name for it. A comma in a group's name is written %2C.",
    fallback: [],
    parse: groupRoles,
  }),
  signOnGroups: setting({ doc: "Claim of the provider that lists a person's groups.", fallback: "groups", parse: claim }),
  signOnName: setting({
    doc: "Claim that names a person, as it stands beside what they change; without @ in it, the provider's host is put behind.",
    fallback: "preferred_username",
    parse: claim,
  }),
  signOnScopes: setting({
    doc: "Scopes the provider is asked for beside `openid`, commas between; some give groups only for one of their own.",
    fallback: ["profile"] as string[],
    parse: (text) => text.split(/[\s,]+/).filter((part) => part !== ""),
  }),
  signOnCa: setting({
    doc: "PEM file of the authority whose certificate the provider has. Empty: those this computer trusts.",
    fallback: "",
    parse: (text) => text,
  }),
  metricsKeys: setting({
    doc: "File of programs that may read `/metrics`, each a line of its name and its key of at least 24 characters: `prometheus KEY`. Empty: none.",
    fallback: "",
    parse: (text) => text,
  }),
  flowIdleMinutes: setting({ doc: "Forget a flow after this long without a packet.", fallback: 5, parse: minutes }),
  flowsMax: setting({
    doc: "Flows remembered at once; beyond it long silent ones go first, half-open ones before all others.",
    fallback: 2_000_000,
    parse: count,
  }),
  ownRanges: setting({
    doc: "The site's own networks, commas between them. Empty: the private ranges.",
    fallback: [] as string[],
    parse: networks,
  }),
  leftOut: setting({ doc: "Networks left out whole: their frames are counted, never parsed.", fallback: [] as string[], parse: networks }),
  storeMegabytesMax: setting({
    doc: "Size a recording is kept under by thinning what is oldest; coverage says where.",
    fallback: 20_000,
    parse: count,
  }),
  doNotScanDays: setting({
    doc: "A device is on the do-not-scan list at an address for so many days after it was last heard there; then a person has to confirm it. At most 730.",
    fallback: 90,
    parse: days,
  }),
  outputSyslog: setting({
    doc: "Findings of the site's own recording go to this syslog receiver, as CEF: `tls://host:6514`, `tcp://host:601` or `udp://host:514`. Empty: to none.",
    fallback: "",
    parse: (text) => destination(text, ["tls:", "tcp:", "udp:"], "tls://siem.example:6514"),
  }),
  outputWebhook: setting({
    doc: "And to this address, as ECS JSON by POST, signed as standardwebhooks.com has it. Empty: to none.",
    fallback: "",
    parse: (text) => destination(text, ["https:", "http:"], "https://siem.example/auscult"),
  }),
  outputWebhookKey: setting({
    doc: "File with the key webhooks are signed with, at least 24 characters. The key itself is no setting: settings are read by many.",
    fallback: "",
    parse: (text) => text,
  }),
  outputFile: setting({ doc: "And into this file, a line of ECS JSON each. Empty: into none.", fallback: "", parse: (text) => text }),
  outputMail: setting({
    doc: "And by mail, through this server: `smtp://mail.example:587` (STARTTLS) or `smtps://mail.example:465` (TLS from the start). Empty: by none.",
    fallback: "",
    parse: (text) => destination(text, ["smtp:", "smtps:"], "smtp://mail.example:587"),
  }),
  outputMailTo: setting({
    doc: "Mailboxes it goes to, commas between them, at most 20; each gets a mail of its own.",
    fallback: [] as string[],
    parse: mailboxes,
  }),
  outputMailFrom: setting({ doc: "The mailbox it comes from.", fallback: "", parse: (text) => (text === "" ? text : mailbox(text)) }),
  outputMailUser: setting({ doc: "Name to log in with at the mail server. Empty: no log-in.", fallback: "", parse: (text) => text }),
  outputMailPassword: setting({
    doc: "File with the password of that log-in. The password itself is no setting: settings are read by many.",
    fallback: "",
    parse: (text) => text,
  }),
  outputMailTls: setting({
    doc: "`required`: no log-in and no mail goes to a server whose certificate does not hold. `off`: in the clear, without a log-in, for a relay on this computer or a line of its own.",
    fallback: "required",
    parse: requiredOrOff,
  }),
  outputMailMinutes: setting({
    doc: "From one mail to the next: what comes meanwhile goes together in one. What is more severe than all in the last mail does not wait.",
    fallback: 10,
    parse: minutes,
  }),
  outputMailSeverity: setting<Severity>({
    doc: "Only findings as severe or more go by mail: low, medium, high or critical.",
    fallback: "high",
    parse: severity,
  }),
  outputPage: setting({
    doc: "Where people open the page, such as `https://auscult.example`: mails lead to their findings there. Empty: they name the command.",
    fallback: "",
    parse: (text) => destination(text, ["https:", "http:"], "https://auscult.example"),
  }),
  outputCa: setting({
    doc: "PEM file of the authority whose certificates these receivers have. Empty: those this computer trusts.",
    fallback: "",
    parse: (text) => text,
  }),
  outputSeverity: setting<Severity>({
    doc: "Only findings as severe or more are sent to these, by mail apart: low, medium, high or critical.",
    fallback: "medium",
    parse: severity,
  }),
  askedAtOnce: setting({
    doc: "Findings that ask one role to act at one time, on pages, in commands and outputs; the most harmful first, what is beyond waits and is counted.",
    fallback: AT_ONCE,
    parse: count,
  }),
  shifts: setting<AskRules["shifts"]>({
    doc: "When shifts begin (UTC), with another number where fewer people work: `06:00, 14:00, 22:00=4`. Empty: the day is one.",
    fallback: [],
    parse: shiftsIn,
  }),
  askedRoles: setting<AskRules["roles"]>({
    doc: "Which role acts on which family of findings, each with places of its own: `clinical=biomed, threat=security`. A family that is not named asks the one team.",
    fallback: {},
    parse: rolesIn,
  }),
} as const;

export type Settings = { readonly [Name in keyof typeof table]: (typeof table)[Name] extends Setting<infer Value> ? Value : never };
export const settingsTable: Readonly<Record<keyof Settings, Setting<unknown>>> = table;

/** Wrong settings end a command with exit code 5; the message names file, line and column where there are some. */
export class WrongSettings extends Error {}

export function readSettings(dataDirectory: string, environment: NodeJS.ProcessEnv = process.env): Settings {
  const values: Record<string, unknown> = {};
  for (const [key, it] of Object.entries(table)) values[key] = it.fallback;

  const file = join(dataDirectory, "settings.yaml");
  const text = textIn(file);
  if (text !== "") for (const [key, value] of written(text, file)) values[key] = value;
  for (const key of Object.keys(table)) {
    const variable = `AUSCULT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const value = environment[variable];
    if (value !== undefined) values[key] = parsed(settingOf(key)!, value, variable);
  }
  return values as unknown as Settings;
}

/** What stands in the file, by name. */
function* written(text: string, file: string): Generator<readonly [string, unknown]> {
  // Loaded only where there is something to read: its 72 modules take longer than all else of a short command.
  const { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = createRequire(import.meta.url)("yaml") as typeof Yaml;
  const lines = new LineCounter();
  // Its errors would show the lines around them.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (at = 0) => `${file}:${lines.linePos(at).line}:${lines.linePos(at).col}`;
  const broken = document.errors[0];
  if (broken !== undefined) throw new WrongSettings(`${placeOf(broken.pos[0])}: expected YAML, got trouble: ${oneLine(broken.message)}`);
  const { contents } = document;
  if (contents !== null && !isMap(contents))
    throw new WrongSettings(
      `${file}: expected settings, one a line, such as "site: main", got ${isSeq(contents) ? "a list" : "a single value"}`,
    );
  for (const entry of contents?.items ?? []) {
    const key = isScalar(entry.key) ? String(entry.key.value) : "no name";
    const place = placeOf(isNode(entry.key) ? entry.key.range?.[0] : 0);
    const it = settingOf(key);
    if (it === undefined) throw new WrongSettings(`${place}: expected one of ${Object.keys(table).join(", ")}, got "${oneLine(key)}"`);
    yield [key, parsed(it, textOf(isNode(entry.value) ? entry.value.toJSON() : undefined), place)];
  }
}

/** Where recordings live unless `--data` says otherwise: the XDG data directory. */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "auscult");
}

/** docs/settings.md, whole. */
export function settingsPage(): string {
  const rows = Object.entries(table).map(([key, it]) => {
    const fallback = typeof it.fallback === "object" ? Object.values(it.fallback ?? {}).join(", ") : String(it.fallback);
    return `| \`${key}\` | ${it.doc} | ${fallback === "" ? "(none)" : fallback} |`;
  });
  return `# Settings\n\nMade from \`src/config.ts\`. In \`settings.yaml\` in the data directory, or as \`AUSCULT_<NAME>\` in the environment (\`AUSCULT_FLOW_IDLE_MINUTES=10\`), which wins.\n\n| Setting | What it does | Unless said |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

function settingOf(key: string): Setting<unknown> | undefined {
  return Object.hasOwn(table, key) ? settingsTable[key as keyof Settings] : undefined;
}

/** Empty where there is no such file. */
function textIn(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT") return "";
    throw new WrongSettings(`${file}: expected a file that can be read, got ${UNREADABLE[code] ?? oneLine((error as Error).message)}`, {
      cause: error,
    });
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!BINARY.test(text)) return text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new WrongSettings(`${file}: expected text in UTF-8, got bytes that are none`);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EISDIR: "a folder",
  EACCES: "no permission",
  ENOTDIR: "a data directory that is no folder",
};
// oxlint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000e-\u001f]/;
const LINE_LENGTH_MAX = 300;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > LINE_LENGTH_MAX ? `${line.slice(0, LINE_LENGTH_MAX)}…` : line;
}

function parsed(it: Setting<unknown>, text: string, where: string): unknown {
  try {
    return it.parse(text);
  } catch (error) {
    throw new WrongSettings(`${where}: ${oneLine((error as Error).message)}`, { cause: error });
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value ?? "");
}

const SHIFT = /^([01]\d|2[0-3]):([0-5]\d)(?:=(\d+))?$/;

function shiftsIn(text: string): AskRules["shifts"] {
  const shifts = partsOf(text).map((part) => {
    const [, hour, minute, atOnce] = SHIFT.exec(part) ?? [];
    if (hour === undefined) throw new Error(`expected when a shift begins, such as 22:00 or 22:00=4, got "${part}"`);
    return { from: Number(hour) * 60 + Number(minute), atOnce: atOnce === undefined ? null : count(atOnce) };
  });
  if (new Set(shifts.map(({ from }) => from)).size < shifts.length) throw new Error(`expected each shift once, got "${text}"`);
  return shifts.toSorted((a, b) => a.from - b.from);
}

function rolesIn(text: string): AskRules["roles"] {
  const roles = partsOf(text).map((part) => {
    const [family, role, ...more] = part.split("=").map((it) => it.trim());
    const known = FAMILIES.find((it) => it === family);
    if (known === undefined || !ROLE_NAMES.some((it) => it === role) || more.length > 0)
      throw new Error(`expected one of ${FAMILIES.join(", ")}, and after = one of ${ROLE_NAMES.join(", ")}, got "${part}"`);
    return [known, role] as const;
  });
  if (new Set(roles.map(([family]) => family)).size < roles.length) throw new Error(`expected each family once, got "${text}"`);
  return Object.fromEntries(roles);
}

function partsOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function severity(text: string): Severity {
  const it = SEVERITIES.find((name) => name === text);
  if (it === undefined) throw new Error(`expected one of ${SEVERITIES.join(", ")}, got "${text}"`);
  return it;
}

/** Where something goes must stand there whole; nobody is let in by an address. */
function destination(text: string, protocols: readonly string[], example: string): string {
  if (text === "") return text;
  const url = URL.parse(text);
  const isWeb = protocols.includes("https:");
  if (
    url === null ||
    !protocols.includes(url.protocol) ||
    url.hostname === "" ||
    (url.port === "" && !isWeb) ||
    url.username !== "" ||
    url.password !== ""
  )
    throw new Error(`expected an address such as ${example}, got "${text.replace(/\/\/[^/]*@/, "//…@")}"`);
  return text;
}

/** What it answers says who comes in, so nobody on the way may write it; on this computer there is no way. */
function issuer(text: string): string {
  if (text === "") return text;
  const url = URL.parse(text);
  const isHere = url?.protocol === "http:" && isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  if (
    url === null ||
    (url.protocol !== "https:" && !isHere) ||
    url.username !== "" ||
    url.password !== "" ||
    url.search !== "" ||
    url.hash !== ""
  )
    throw new Error(
      `expected the address of a provider such as https://login.hospital.example, got "${text.replace(/\/\/[^/]*@/, "//…@")}"`,
    );
  return text;
}

function title(text: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} .'&-]{0,39}$/u.test(text))
    throw new Error(`expected a name of at most 40 letters, digits, spaces, dots or dashes, got "${text}"`);
  return text;
}

/** OpenID Connect Core section 5.1.2: any name, such as https://example.com/groups. */
function claim(text: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(text)) throw new Error(`expected the name of a claim, such as groups, got "${text}"`);
  return text;
}

function groupRoles(text: string): readonly GroupRole[] {
  return partsOf(text).map((part) => {
    const at = part.lastIndexOf("=");
    const [typed = "", site] = part
      .slice(at + 1)
      .split("@", 2)
      .map((it) => it.trim());
    const role = ROLE_NAMES.find((it) => it === typed);
    const group = decoded(part.slice(0, Math.max(0, at)).trim());
    if (group === null || group === "" || role === undefined)
      throw new Error(`expected a group, and after = one of ${ROLE_NAMES.join(", ")}, perhaps with @ and a site, got "${part}"`);
    return { group, role, site: site === undefined ? null : name(site) };
  });
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // A % that stands for nothing: the caller says what it expected.
  }
}

const MAILBOXES_MAX = 20;

function mailboxes(text: string): string[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  if (parts.length > MAILBOXES_MAX) throw new Error(`expected at most ${MAILBOXES_MAX} mailboxes, got ${parts.length}`);
  return [...new Set(parts.map(mailbox))];
}

/** As RFC 5321 bounds it; quoted names and other letters than ASCII few servers take. */
function mailbox(text: string): string {
  if (text.length > 254 || !/^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(text))
    throw new Error(`expected a mailbox such as biomed@hospital.example, got "${text}"`);
  return text;
}

function requiredOrOff(text: string): "required" | "off" {
  if (text !== "required" && text !== "off") throw new Error(`expected required or off, got "${text}"`);
  return text;
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 24 * 60)) throw new Error(`expected minutes above zero and at most a day (1440), got "${text}"`);
  return value;
}

function days(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= 730)) throw new Error(`expected whole days from 1 to 730, got "${text}"`);
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`expected a whole number above zero, got "${text}"`);
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535 || text.trim() === "")
    throw new Error(`expected a port from 0 to 65535, got "${text}"`);
  return value;
}

function name(text: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(text))
    throw new Error(`expected a name of at most 64 letters, digits, spaces, dots or dashes, got "${text}"`);
  return text;
}

function address(text: string): string {
  if (isIP(text) === 0 && text !== "localhost") throw new Error(`expected an address of this computer such as 127.0.0.1, got "${text}"`);
  return text;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function networks(text: string): string[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  for (const part of parts) {
    const [address = "", length = "", more] = part.split("/");
    // As it is read later: what that cannot read would be left out of nothing.
    const parsed = ipWords(address);
    if (parsed === null || more !== undefined || !/^\d{1,3}$/.test(length) || Number(length) > (parsed.family === 6 ? 128 : 32))
      throw new Error(`expected a network like 10.20.0.0/16, got "${part}"`);
  }
  return parts;
}
