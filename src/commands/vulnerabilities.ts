/** `auscult vulnerabilities`: what is wrong with devices as they stand, by weakness; one with its devices; what a person says of it. */
import { clean } from "../bytes/text.ts";
import { CARE_CLASSES } from "../model/device.ts";
import { SEVERITIES } from "../model/finding.ts";
import type { Severity } from "../model/finding.ts";
import type { Answer, Weakness, WeaknessKind } from "../model/weakness.ts";
import type { WeakDevice, WeaknessDetail, WeaknessRow } from "../model/weakness-report.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, Exit, number, paint, plural, print, say, table, time } from "./terminal.ts";

/** Whoever has more reads no list. */
const LISTED_MAX = 10_000;
/** Their shapes are WeaknessRow, WeaknessDetail and Weakness of docs/openapi.json. */
const SCHEMA = "auscult.weaknesses/1";

export interface VulnerabilitiesOptions extends SayingOptions {
  readonly recording?: string;
  readonly kind?: WeaknessKind;
  readonly severity?: Severity;
  readonly answer?: Answer;
  readonly device?: string;
  readonly dismissed?: boolean;
  readonly failOn?: Severity;
  readonly confirm?: boolean;
  readonly dismiss?: boolean;
  readonly undo?: boolean;
  readonly model?: boolean;
  readonly json?: boolean;
}

export async function vulnerabilities(name: string | undefined, options: VulnerabilitiesOptions): Promise<void> {
  const { device } = options;
  if (device !== undefined && !/^d\d{1,12}$/.test(device))
    throw new CommandError(`--device: expected a device's id, such as d12, got "${device}"`);
  const asked = (["confirm", "dismiss", "undo"] as const).filter((it) => options[it]);
  if (asked.length > 1) throw new CommandError(`expected one of --${asked.join(" and --")}, got both`);
  const { name: recording, path } = recordingFor(options.data, options.recording);
  if (asked.length === 1) return said(recording, path, name, asked[0]!, options);
  if (name !== undefined) return one(recording, path, name, options);
  if (device !== undefined) return ofDevice(recording, path, device, options);
  return listed(recording, path, options);
}

async function listed(recording: string, path: string, options: VulnerabilitiesOptions): Promise<void> {
  const { kind, severity, answer, dismissed = false, json, failOn } = options;
  const page = await withReader(path, (reader) => reader.weaknesses({ kind, severity, answer, dismissed, offset: 0, limit: LISTED_MAX }));
  say(`Recording ${recording}.`);
  if (json) await print(`${JSON.stringify({ schema: SCHEMA, weaknesses: page.rows })}\n`);
  else if (page.total === 0) say(NONE);
  else {
    await print(table(ROWS, page.rows));
    say(
      `${plural(page.matching, "weakness", "weaknesses")} of ${number(page.total)}; ${number(page.devices)} of ${plural(page.of, "device")} ${page.devices === 1 ? "has" : "have"} one.`,
    );
  }
  say(`As of ${Object.entries(page.knowledge).map(([source, day]) => `${clean(source)} ${day}`).join(", ")}.`); // prettier-ignore
  failsOn(
    failOn,
    page.rows.filter((it) => it.affected + it.possible > 0),
  );
}

async function one(recording: string, path: string, name: string, { device, json, failOn }: VulnerabilitiesOptions): Promise<void> {
  const it = await withReader(path, (reader) => reader.weakness(name, 0, LISTED_MAX));
  if (it === null)
    throw new CommandError(
      `expected the name of a weakness of the recording ${recording}, got "${name}" (auscult vulnerabilities lists them)`,
    );
  const devices = it.devices.filter(({ id }) => device === undefined || id === device);
  if (devices.length === 0) throw new CommandError(`--device: expected a device that has ${name}, got ${device}`);
  say(`Recording ${recording}.`);
  if (json) await print(`${JSON.stringify({ schema: SCHEMA, weaknesses: [{ ...it, devices }] })}\n`);
  else {
    await print(inFull(it, devices));
    await print(table(DEVICES, devices));
    say(`${plural(devices.length, "device")}${it.dismissed === 0 ? "" : `, dismissed of ${number(it.dismissed)}`}.`);
  }
  failsOn(
    failOn,
    devices.map(({ weakness }) => weakness).filter(({ word }) => word?.word !== "dismissed"),
  );
}

async function ofDevice(recording: string, path: string, device: string, options: VulnerabilitiesOptions): Promise<void> {
  const { kind, severity, answer, dismissed = false, json, failOn } = options;
  const [known, all] = await withReader(path, async (reader) => [await reader.device(device), await reader.weaknessesOf(device)] as const);
  if (known === null) throw new CommandError(`--device: expected a device of the recording ${recording}, got ${device}`);
  const rows = all.filter(
    (it) =>
      (kind === undefined || it.kind === kind) &&
      (severity === undefined || SEVERITIES.indexOf(it.severity) >= SEVERITIES.indexOf(severity)) &&
      (answer === undefined || it.answer === answer) &&
      (dismissed || it.word?.word !== "dismissed"),
  );
  say(`Recording ${recording}.`);
  if (json) await print(`${JSON.stringify({ schema: SCHEMA, weaknesses: rows })}\n`);
  else if (all.length === 0)
    say(`Nothing that was heard of ${clean(known.name)} is a weakness. What nobody used while we listened is not known.`);
  else {
    await print(table(OWN, rows));
    const hidden = all.length - rows.length;
    say(`${plural(rows.length, "weakness", "weaknesses")} of ${clean(known.name)}${hidden === 0 ? "" : `; ${number(hidden)} not listed (--dismissed, or another filter)`}.`); // prettier-ignore
  }
  failsOn(failOn, rows);
}

async function said(
  recording: string,
  path: string,
  name: string | undefined,
  what: "confirm" | "dismiss" | "undo",
  options: VulnerabilitiesOptions,
): Promise<void> {
  const { device } = options;
  if (name === undefined)
    throw new CommandError(`--${what}: expected the name of a weakness before it, got none (auscult vulnerabilities lists them)`);
  if (device === undefined)
    throw new CommandError(`--${what}: expected --device and the device it is of, got none; with --model it is of all of that model`);
  const find = () => withReader(path, async (reader) => (await reader.weaknessesOf(device)).find((it) => it.name === name));
  const before = await find();
  if (before === undefined) throw new CommandError(`expected a weakness of ${device}, got "${name}"`);
  if (what === "undo" && before.word === null)
    throw new CommandError(`--undo: expected a weakness of which something was said, got ${name}`);
  await saying(recording, options, async (writer, { who, reason }) => {
    if (what === "undo") await writer.undo(before.word!.change, who, reason);
    else
      await writer.sayOfWeakness({
        who,
        reason,
        device,
        name,
        word: what === "confirm" ? "confirmed" : "dismissed",
        scope: options.model ? "model" : "device",
      });
  });
  const { word } = (await find())!;
  say(`${name} of ${device}: ${word === null ? "nothing is said of it." : clean(wordInWords(word))}`);
}

function failsOn(least: Severity | undefined, rows: readonly { readonly severity: Severity }[]): void {
  if (least !== undefined && rows.some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least)))
    process.exitCode = Exit.findings;
}

function inFull(it: WeaknessDetail, [first]: readonly WeakDevice[]): string {
  const { remedy, control, cured, source, advisory } = first!.weakness;
  const lines = [
    `${severityWords(it)}  ${paint("bold", clean(it.title))}   ${clean(it.name)}`,
    "",
    `Harms     ${it.harms.join(", ")} (${it.kind})`,
    ...(advisory === null ? [] : [`Advisory  ${clean(`${advisory.id}, ${advisory.title}; versions: ${advisory.theirVersion}; ours: ${advisory.ourVersion ?? "not heard"}`)}`]),
    `To do     ${clean(remedy)}`,
    ...(control === null ? [] : [`Network   ${clean(control)}`]),
    ...(cured === null ? [] : [`Done when ${clean(cured)}`]),
    `Source    ${clean(source)}`,
    "",
  ]; // prettier-ignore
  return `${lines.join("\n")}\n`;
}

function wordInWords({ word, scope, who, reason }: NonNullable<Weakness["word"]>): string {
  return `${word}${scope === "model" ? " of the whole model" : ""} by ${who}: ${reason}`;
}

const MARKS: Readonly<Record<Severity, string>> = { critical: "!!", high: "!", medium: "-", low: " " };
function severityWords({ severity }: { readonly severity: Severity }): string {
  return `${MARKS[severity]} ${severity}`.trim();
}

function careWords({ byCare }: WeaknessRow): string {
  return CARE_CLASSES.flatMap((care) => (byCare[care] === undefined ? [] : [`${number(byCare[care])} ${care}`])).join(", ");
}

const NONE =
  "No weaknesses were heard. Nothing is asked of a device: what nobody used while we listened is not known (docs/weaknesses.md).";

const ROWS = [
  { title: "Weakness", text: (it: WeaknessRow) => it.name, whole: true as const },
  { title: "Severity", text: severityWords },
  { title: "What", text: (it: WeaknessRow) => it.title },
  { title: "Affected", text: (it: WeaknessRow) => number(it.affected), right: true as const },
  { title: "Possible", text: (it: WeaknessRow) => number(it.possible), right: true as const },
  { title: "Whose", text: careWords },
  { title: "Exploited", text: (it: WeaknessRow) => (it.knownExploited ? "yes" : ""), drop: 3 },
  { title: "Dismissed", text: (it: WeaknessRow) => (it.dismissed === 0 ? "" : number(it.dismissed)), right: true as const, drop: 2 },
  { title: "Last", text: (it: WeaknessRow) => time(it.last), drop: 1 },
];

const DEVICES = [
  { title: "Device", text: (it: WeakDevice) => it.id, whole: true as const },
  { title: "Name", text: (it: WeakDevice) => it.name },
  { title: "Kind", text: (it: WeakDevice) => it.kind ?? "not known" },
  { title: "Where", text: (it: WeakDevice) => it.location ?? "", drop: 2 },
  { title: "Care", text: (it: WeakDevice) => it.lifeCritical },
  { title: "Answer", text: (it: WeakDevice) => it.weakness.answer },
  { title: "Why", text: (it: WeakDevice) => it.weakness.because.map(({ text }) => text).join("; ") },
  { title: "Said", text: ({ weakness: { word } }: WeakDevice) => (word === null ? "" : wordInWords(word)), drop: 1 },
  { title: "Last", text: (it: WeakDevice) => time(it.weakness.last), drop: 3 },
];

const OWN = [
  { title: "Weakness", text: (it: Weakness) => it.name, whole: true as const },
  { title: "Severity", text: severityWords },
  { title: "Answer", text: (it: Weakness) => it.answer },
  { title: "What", text: (it: Weakness) => it.title },
  { title: "Why", text: (it: Weakness) => it.because.map(({ text }) => text).join("; ") },
  { title: "Said", text: ({ word }: Weakness) => (word === null ? "" : wordInWords(word)), drop: 1 },
  { title: "Last", text: (it: Weakness) => time(it.last), drop: 2 },
];
