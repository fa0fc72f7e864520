/** A list held against a recording: what each row is, what it would say, and who stands in no row. Nothing is written by it. */
import { createHash } from "node:crypto";
import { counted } from "../bytes/thousands.ts";
import type { Knowledge } from "../knowledge/index.ts";
import type { DeviceSummary } from "../model/device.ts";
import type { Candidate, DeviceAbout, ListPlan, ListQuestion, ListRow } from "../model/list.ts";
import type { SaidList } from "../model/store.ts";
import { saidByRow } from "./changes.ts";
import { FIELD_TITLES } from "./fields.ts";
import { isNothing } from "./keys.ts";
import { matches, type Match } from "./match.ts";
import { deviceFacts, pairOf, rowFacts, value, type Pair } from "./pairs.ts";
import { tableOf, type TableRow } from "./table.ts";
import { decoded } from "./text.ts";

/** Of those heard and not listed, as many are named; all are counted. */
const HEARD_ONLY_MAX = 1_000;
/** Rows named in one sentence. */
const NAMED_MAX = 5;

/** Throws an Error for people when it is no list, or what was chosen is not in it. */
export function planOf(question: ListQuestion, devices: readonly DeviceSummary[], knowledge: Knowledge): ListPlan {
  const { text, encoding } = decoded(question.bytes);
  const { separator, titleRow, columns, rows: told } = tableOf(text, question.columns);
  const ours = columns.some(({ field }) => field === "id");
  const rows = ours ? told.map(withoutOurWords) : told;
  const chosen = new Map(Object.entries(question.chosen ?? {}).map(([row, device]) => [Number(row), device]));
  const byId = new Map(devices.map((device) => [device.id, device]));
  checkChosen(chosen, rows.map(({ row }) => row), byId); // prettier-ignore

  const listed = matches(rows, devices, knowledge).map((match) => rowOf(match, chosen, byId, ours, knowledge));
  const isListed = new Set(listed.flatMap(({ candidates }) => candidates.map(({ device }) => device.id)));
  const heardOnly = devices.filter(({ id, standing }) => standing === "device" && !isListed.has(id));
  const formulas = rows.filter((row) => row.formulas.length > 0);
  const planned = {
    file: question.file,
    encoding,
    separator,
    titleRow,
    ours,
    columns,
    rows: listed,
    heard: devices.length,
    heardOnly: heardOnly.slice(0, HEARD_ONLY_MAX).map(aboutDevice),
    heardOnlyTotal: heardOnly.length,
    changes: listed.reduce((sum, { changes }) => sum + changes.length, 0),
    notes: [
      ...(formulas.length === 0
        ? []
        : [`${counted(formulas.length, "row")} (${named(formulas.map(({ row }) => row))}) ${formulas.length === 1 ? "has" : "have"} what a spreadsheet would run: it is taken as text, nothing was worked out.`]),
      ...(columns.some(({ field }) => field === "serial" || field === "mac" || field === "id") ? [] : ["Without serial numbers or network cards, few rows can be told from each other."]),
    ],
  }; // prettier-ignore
  return { ...planned, digest: createHash("sha256").update(JSON.stringify(wordsOf(planned))).digest("hex") }; // prettier-ignore
}

/** Who reads it on a device's page sees which row of which list said so. */
export function wordsOf({ file, rows }: Pick<ListPlan, "file" | "rows">): SaidList["words"] {
  return rows.flatMap(({ row, state, candidates, changes }) =>
    state !== "matched"
      ? []
      : changes.map(({ attribute, to }) => ({ device: candidates[0]!.device.id, attribute, value: to, reason: `${file}, row ${row}` })),
  );
}

/** How sure we are stands in a table of ours, and is no part of a value. */
function withoutOurWords({ cells, ...row }: TableRow): TableRow {
  const plain = Object.entries(cells).flatMap(([field, cell]) => (isNothing(cell) ? [] : [[field, cell.replace(/^probably /, "")]]));
  return { ...row, cells: Object.fromEntries(plain) as TableRow["cells"] };
}

function checkChosen(chosen: ReadonlyMap<number, string | null>, rows: readonly number[], devices: ReadonlyMap<string, unknown>): void {
  const there = new Set(rows);
  const rowOfDevice = new Map<string, number>();
  for (const [row, device] of chosen) {
    if (!there.has(row)) throw new Error(`expected a row of the list, got ${row}`);
    if (device === null) continue;
    if (!devices.has(device)) throw new Error(`expected a device of this recording for row ${row}, got ${device}`);
    const other = rowOfDevice.get(device);
    if (other !== undefined) throw new Error(`expected one row for ${device}, got rows ${other} and ${row}`);
    rowOfDevice.set(device, row);
  }
}

function rowOf(
  match: Match,
  chosen: ReadonlyMap<number, string | null>,
  devices: ReadonlyMap<string, DeviceSummary>,
  ours: boolean,
  knowledge: Knowledge,
): ListRow {
  const { row, pairs, doubts, repeats } = match;
  const about = { row: row.row, cells: row.cells, chosen: chosen.has(row.row) };
  const none = { ...about, changes: [], candidates: [] };
  const choice = chosen.get(row.row);
  if (choice === null) return { ...none, state: "listed only", notes: ["said to be none of those heard"] };
  if (repeats !== null && choice === undefined) return { ...none, state: "repeated", notes: [`the same as row ${repeats}`] };
  const byHand = choice === undefined ? null : devices.get(choice)!;
  // A device that a person gave to another row is not this one's.
  const pair = byHand === null ? match.pair : pairOf(rowFacts(row), deviceFacts(byHand), knowledge);
  const isGiven = byHand === null && pair !== null && [...chosen.values()].includes(pair.device.device.id);
  if (pair !== null && !isGiven) {
    const { changes, notes } = saidByRow(row, pair.device.device, ours, knowledge);
    return { ...about, state: "matched", candidates: [candidateOf(pair)], changes, notes: [...notes, ...retiredNote(pair)] };
  }
  if (pairs.length === 0) return { ...none, state: "listed only", notes: [] };
  const notes = isGiven ? ["another row was said to be this device"] : doubts;
  return { ...about, state: "doubtful", candidates: pairs.map(candidateOf), changes: [], notes };
}

function retiredNote({ row, device }: Pair): readonly string[] {
  return row.retired && device.device.last > 0 ? [`${FIELD_TITLES.status}: listed as retired, and heard on ${new Date(device.device.last / 1000).toISOString().slice(0, 10)}`] : []; // prettier-ignore
}

function candidateOf({ device, agrees, against }: Pair): Candidate {
  return { device: aboutDevice(device.device), agrees, against };
}

function aboutDevice({ id, name, kind, maker, model, serial, macs, ips }: DeviceSummary): DeviceAbout {
  return {
    id,
    name,
    kind: value(kind),
    made: [value(maker), value(model)].filter((it) => it !== "").join(" "),
    serial: value(serial),
    mac: macs[0] ?? "",
    ip: ips[0] ?? "",
  };
}

function named(rows: readonly number[]): string {
  const more = rows.length - NAMED_MAX;
  return `${rows.slice(0, NAMED_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
