/** `auscult risk`: devices by their risk; one with every point, whence it is, and what each step would take away. */
import { clean } from "../bytes/text.ts";
import { riskPoints } from "../knowledge/risk-points.ts";
import { standingWallsIn } from "../link/standing-walls.ts";
import type { Severity } from "../model/finding.ts";
import { RISK_MAX, type DeviceRisk, type RiskPoint, type RiskRow, type RiskSide } from "../model/risk.ts";
import type { RecordingReader } from "../model/store.ts";
import { shares } from "../risk/index.ts";
import { findDevice } from "./device.ts";
import { recordingFor, withReader } from "./recording.ts";
import { number, paint, plural, print, say, table, type Column } from "./terminal.ts";

export interface RiskOptions {
  readonly data: string;
  readonly recording?: string;
  readonly band?: Severity;
  /** 0: all. */
  readonly limit: number;
  readonly json?: boolean;
}

const PAGE = 1_000;

export async function risk(wanted: string | undefined, options: RiskOptions): Promise<void> {
  const { name, path } = recordingFor(options.data, options.recording);
  const { asked, troubles } = standingWallsIn(options.data);
  await withReader(path, async (reader) => {
    if (!options.json) for (const trouble of troubles) say(trouble);
    if (wanted === undefined) return listed(reader, name, options);
    const { id } = await findDevice(reader, wanted, name);
    const found = (await reader.risk(id, asked)) ?? nothingOf(wanted);
    if (options.json) return print(`${JSON.stringify({ schema: "auscult.risk/1", risk: found, ...WEIGHTS() })}\n`);
    await print(inFull(found));
  });

  /** Those outside the site are looked at by nobody. */
  function nothingOf(device: string): never {
    throw new Error(`expected a device of the hospital's own, got "${device}": what is outside has no risk here`);
  }
}

/** What figures are made of, so that a script can make them again. */
const WEIGHTS = () => ({ rules: riskPoints().rules, shares: shares() });

async function listed(reader: RecordingReader, recording: string, { data, band, limit, json }: RiskOptions): Promise<void> {
  const { asked } = standingWallsIn(data);
  const rows: RiskRow[] = [];
  const most = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  let page = await reader.risks({ ...asked, band, offset: 0, limit: Math.min(PAGE, most) });
  rows.push(...page.rows);
  while (page.rows.length > 0 && rows.length < Math.min(page.matching, most)) {
    page = await reader.risks({ ...asked, band, offset: rows.length, limit: Math.min(PAGE, most - rows.length) });
    rows.push(...page.rows);
  }
  const { total, matching, byBand, nothing } = page;
  if (json) return print(`${JSON.stringify({ schema: "auscult.risks/1", total, matching, byBand, nothing, risks: rows, ...WEIGHTS() })}\n`);
  say(`Recording ${recording}.`);
  if (total === 0) return say("No device was heard yet: auscult open FILE reads a capture.");
  await print(table(COLUMNS, rows));
  say(
    `${plural(total, "device")}: ${number(byBand.critical)} critical, ${number(byBand.high)} high, ${number(byBand.medium)} medium, ${number(byBand.low)} low; of ${number(nothing)} nothing wrong is known.`,
  );
  if (rows.length < matching) say(`${number(rows.length)} of ${number(matching)} are listed: --limit 0 lists all.`);
}

const COLUMNS: readonly Column<RiskRow>[] = [
  {
    title: "Risk",
    text: ({ band, total }) => `${severityMark(band)} ${band} ${total}`,
    style: ({ band }) => severityStyle(band),
    whole: true,
  },
  { title: "Id", text: ({ device }) => device, whole: true },
  { title: "Device", text: ({ name }) => name, style: () => "bold" },
  { title: "What it is", text: ({ kind }) => kind ?? "not known", drop: 3 },
  { title: "Where", text: ({ location }) => location ?? "", drop: 4 },
  { title: "Patient", text: ({ on }) => String(on.patient), right: true, drop: 1 },
  { title: "Itself", text: ({ on }) => String(on.device), right: true, drop: 1 },
  { title: "Network", text: ({ on }) => String(on.network), right: true, drop: 1 },
  { title: "Worst", text: ({ worst }) => worst?.title ?? "nothing that is known" },
  { title: "If done", text: ({ worst }) => (worst === null ? "" : `−${worst.takesAway.total}`), right: true, drop: 2 },
];

/** Marks carry it where color does not. */
export function severityMark(severity: Severity): string {
  return { critical: "!!", high: "! ", medium: "- ", low: "  " }[severity];
}

export function severityStyle(severity: Severity): "red" | "yellow" | "gray" {
  return severity === "critical" || severity === "high" ? "red" : severity === "medium" ? "yellow" : "gray";
}

function inFull(it: DeviceRisk): string {
  const head = `${paint("bold", clean(it.name))}   ${it.lifeCritical}\n${paint(severityStyle(it.band), `${severityMark(it.band)} ${it.band} ${it.total} of ${RISK_MAX}`)}, the worst of three sides\n`;
  const left = it.left.map(({ title, why }) => `  ${clean(title)}: ${clean(why)}\n`).join("");
  const sides = it.sides.map(sideIn).join("\n");
  if (it.troubles === 0)
    return `${head}\nNothing wrong is known of it. What is not heard is not judged: auscult device ${it.device} shows what is.\n${left === "" ? "" : `\nCounts no more\n${left}`}`;
  const done = table(DONE, it.ifDone);
  return `${head}\n${sides}\n${done}${left === "" ? "" : `\nCounts no more\n${left}`}`;
} // prettier-ignore

const SIDE_WORDS = { patient: "To the patient", device: "To the device", network: "To the network" } as const;

function sideIn({ side, total, circumstances, troubles }: RiskSide): string {
  const point = ({ points, rule, because, source }: RiskPoint, indent: string) =>
    `${indent}${signed(points).padStart(4)}  ${rule}: ${clean(because)} ${paint("gray", `(${clean(source)})`)}`;
  const lines = troubles.flatMap(({ title, parts, raw, share, counted }) => [
    `  ${signed(counted).padStart(4)}  ${clean(title)}${share === 100 ? "" : `: ${share} % of ${raw}`}`,
    ...(share === 0 ? [] : parts.map((it) => point(it, "      "))),
  ]);
  return `${paint("bold", SIDE_WORDS[side])} ${total}\n${[...lines, ...circumstances.map((it) => point(it, "  "))].map((it) => `${it}\n`).join("")}`;
}

function signed(points: number): string {
  return points < 0 ? `−${-points}` : `+${points}`;
}

const DONE: readonly Column<DeviceRisk["ifDone"][number]>[] = [
  { title: "If this were done", text: ({ remedy }) => remedy },
  { title: "Against", text: ({ title }) => title, drop: 2 },
  { title: "Or the network", text: ({ control }) => control ?? "", drop: 1 },
  { title: "Takes away", text: ({ takesAway }) => `−${takesAway.total}`, right: true, whole: true },
];
