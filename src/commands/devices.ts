/** `auscult devices`: the table of a recording, for people or for programs. */
import type { FhirVersion } from "../api/fhir.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY, type DeviceSummary, type Stated } from "../model/device.ts";
import { BadQuery, type DeviceQuery, type RecordingReader } from "../model/store.ts";
import { recordingFor, withReader } from "./recording.ts";
import { CommandError, number, paint, plural, print, say, table, time, type Column } from "./terminal.ts";

const PAGE = 1_000;
const OUTSIDE = "standing = outside";
const CLINICAL: ReadonlySet<string> = new Set(["life-supporting", "therapy", "diagnostic"]);

export interface DevicesOptions {
  readonly data: string;
  readonly recording?: string;
  readonly filter: string;
  readonly sort: string;
  /** 0: all. */
  readonly limit: number;
  readonly json?: boolean;
  readonly csv?: boolean;
  /** True: without a version. */
  readonly fhir?: FhirVersion | true;
}

export async function devices({ data, recording, json, csv, fhir, ...wanted }: DevicesOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  await withReader(path, async (reader) => {
    // What cannot be asked is said first, and alone.
    await check(reader, wanted);
    say(`Recording ${name}.`);
    if (json) return await printDocument(reader, wanted);
    // A table on the terminal waits for neither.
    if (csv) return await printPieces((await import("../api/devices-csv.ts")).devicesCsv(reader, queryOf(wanted, 0, 0)));
    if (fhir !== undefined)
      return await printPieces((await import("../api/fhir.ts")).fhirBundle(reader, queryOf(wanted, 0, 0), fhir === true ? "R4" : fhir));
    await printDevices(reader, wanted);
    if (!wanted.filter.includes("standing")) await sayOutside(reader, name);
  });
}

/** Which of the two is wrong: one that cannot be asked without a filter either is no filter's fault. */
async function check(reader: RecordingReader, wanted: Wanted): Promise<void> {
  try {
    await reader.devices(queryOf(wanted, 0, 0));
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    await reader.devices(queryOf({ ...wanted, filter: "" }, 0, 0)).catch((sort: unknown) => {
      if (!(sort instanceof BadQuery)) throw sort;
      throw new CommandError(`--sort: ${sort.message}${sort.suggestion === undefined ? "" : ` (did you mean ${sort.suggestion}?)`}`);
    });
    throw error;
  }
}

export interface Wanted {
  readonly filter: string;
  readonly sort: string;
  readonly limit: number;
}

/** The table on stdout, and on a terminal beneath it how many there are. */
export async function printDevices(reader: RecordingReader, wanted: Wanted): Promise<void> {
  let shown = 0;
  for await (const { rows, matching, total } of pages(reader, wanted)) {
    await print(table(deviceColumns, rows, { head: shown === 0 }));
    shown += rows.length;
    if (!process.stdout.isTTY || (shown < matching && shown !== wanted.limit)) continue;
    if (shown < matching) say(`  ${number(matching - shown)} more: auscult devices`);
    else if (matching < total) say(`  ${number(matching)} of ${plural(total, "device")}`);
  }
}

/** Web sites and clouds are nobody's device: how many there are is said, and how they are listed. */
async function sayOutside(reader: RecordingReader, recording: string): Promise<void> {
  const { matching } = await reader.devices({ filter: OUTSIDE, sort: "name", descending: false, offset: 0, limit: 0 });
  if (matching === 0) return;
  const where = recording.includes(" ") ? `"${recording}"` : recording;
  say(
    `${number(matching)} outside the hospital's own networks ${matching === 1 ? "is" : "are"} not listed: auscult devices --recording ${where} --filter '${OUTSIDE}'`,
  );
}

async function printDocument(reader: RecordingReader, wanted: Wanted): Promise<void> {
  let before = "";
  for await (const { rows, matching, total } of pages(reader, wanted)) {
    if (before === "") await print(`{"schema":"auscult.devices/1","total":${total},"matching":${matching},"devices":[`);
    for (const row of rows) {
      await print(`${before}${JSON.stringify(row)}`);
      before = ",\n";
    }
  }
  await print("]}\n");
}

/** Of all that match: half a table would be read as the whole. */
async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) await print(piece);
}

function queryOf({ filter, sort }: Wanted, offset: number, limit: number): DeviceQuery {
  return { filter, sort: sort.replace(/^-/, ""), descending: sort.startsWith("-"), offset, limit };
}

/** At least one, which may be empty. */
async function* pages(reader: RecordingReader, wanted: Wanted) {
  const { limit } = wanted;
  const most = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  for (let offset = 0; ;) {
    const page = await reader.devices(queryOf(wanted, offset, Math.min(PAGE, most - offset)));
    yield page;
    offset += page.rows.length;
    if (page.rows.length === 0 || offset >= Math.min(page.matching, most)) return;
  }
}

/** `142 devices, 61 clinical, 14 life-supporting, 11 of 142 not identified`. */
export async function countLine(reader: RecordingReader): Promise<string> {
  const facets = await reader.facets("", ["care", "sure"]);
  const count = (field: string, wanted: (value: string) => boolean) =>
    (facets.find((facet) => facet.field === field)?.values ?? []).reduce((sum, it) => sum + (wanted(it.value) ? it.count : 0), 0);
  const total = count("care", () => true);
  const clinical = count("care", (value) => CLINICAL.has(value));
  const lifeSupporting = count("care", (value) => value === "life-supporting");
  const unknown = count("sure", (value) => value === "unknown" || value === "");
  const text = `${plural(total, "device")}, ${number(clinical)} clinical, ${number(lifeSupporting)} life-supporting, ${number(unknown)} of ${number(total)} not identified`;
  return paint("bold", text, process.stderr);
}

const deviceColumns: readonly Column<DeviceSummary>[] = [
  { title: "Id", text: (it) => it.id, whole: true },
  { title: "Device", text: (it) => it.name, style: () => "bold" },
  { title: "Care", text: careOf, drop: 1 },
  { title: "What it is", text: (it) => stated(it.kind), style: (it) => (stated(it.kind) === UNKNOWN ? "gray" : undefined) },
  { title: "Maker, model", text: makerAndModel, drop: 3 },
  { title: "Sure", text: sureness, right: true, whole: true },
  { title: "System", text: (it) => (stated(it.os) === UNKNOWN ? "" : stated(it.os)), drop: 6 },
  { title: "Where", text: (it) => (stated(it.location) === UNKNOWN ? "" : stated(it.location)), drop: 5 },
  { title: "Address", text: (it) => it.ips[0] ?? it.macs[0] ?? "", whole: true, drop: 2 },
  { title: "Last heard", text: (it) => time(it.last), whole: true, drop: 4 },
];

/** It follows from what it is: of one that is not known, "other" would say more than we know. */
export function careOf({ lifeCritical, kind }: Pick<DeviceSummary, "lifeCritical" | "kind">): string {
  return lifeCritical === "other" && stated(kind) === UNKNOWN ? UNKNOWN : lifeCritical;
}

export const UNKNOWN = "not known";

/** As sure as it is: "probably" stands before what is not asserted, and what is less than that is not known. */
export function stated(it: Stated | null): string {
  if (it === null || it.lead < LEAD_PROBABLY) return UNKNOWN;
  return it.lead < LEAD_ASSERTED ? `probably ${it.value}` : it.value;
}

/** Some makers put their name into the model's. */
function makerAndModel({ maker, model }: DeviceSummary): string {
  const both = model !== null && maker !== null && model.value.startsWith(maker.value) ? [model] : [maker, model];
  const known = both.map(stated).filter((text) => text !== UNKNOWN);
  return known.length === 0 ? UNKNOWN : known.join(" ");
}

/** Of what it is: how sure we are of its maker says nothing of that. */
function sureness({ kind }: DeviceSummary): string {
  return kind === null || kind.lead < LEAD_PROBABLY ? "?" : `${Math.floor(kind.confidence * 100)} %`;
}
