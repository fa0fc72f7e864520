/** Which devices a maker's recall means: those heard, those of which what would tell was never heard, and rows of the hospital's list nobody heard. */
import type { LifeEvent, Lives, Life, RecallQuestion, RecallReport } from "../model/lifecycle.ts";
import type { ListField } from "../model/list.ts";
import type { RecallEntry } from "../model/recall.ts";
import { BadQuery } from "../model/store.ts";
import { wardCalled } from "../model/ward.ts";
import { eventOf, listOf } from "./events.ts";

/** A row of the hospital's list that no device matched. */
export interface Listed {
  readonly row: number;
  readonly cells: Readonly<Partial<Record<ListField, string>>>;
}

/** true: meant. false: not. null: nobody can tell, since it was not heard. */
type Meant = boolean | null;
type Told = Pick<Life, "maker" | "model" | "serial" | "udi" | "software">;

/** A range of more is a slip of the pen, not a recall. */
const RANGES_MAX = 1_000;

/** Throws a BadQuery where the question asks nothing, or its serials are no list of numbers and ranges. */
export function recallOf({ devices }: Lives, question: RecallQuestion, listed: readonly Listed[] = []): RecallReport {
  const tests = testsOf(question);
  const heard: LifeEvent[] = [];
  const cannotTell: LifeEvent[] = [];
  const entries: RecallEntry[] = [];
  for (const device of devices) {
    const answers = tests.map(({ meant }) => meant(device));
    if (answers.includes(false)) continue;
    const unknown = tests.filter((_, at) => answers[at] === null).map(({ needs }) => needs);
    // Of a device of which neither maker nor model nor anything else that was asked for is known, nothing can be said at all.
    if (unknown.length === tests.length) continue;
    const missing = unknown.length === 0 ? "" : `${unknown.join(" and ")} not heard`;
    if (missing === "") heard.push(eventOf(device, device.last, device.serial));
    else cannotTell.push(eventOf(device, device.last, missing));
    entries.push(entryOf(device, missing));
  }
  const rows = listed.filter(
    ({ cells }) => tests.every(({ meant }) => meant(asTold(cells)) !== false) && tests.some(({ meant }) => meant(asTold(cells)) === true),
  );
  return {
    heard: listOf(heard),
    cannotTell: listOf(cannotTell),
    listedOnly: rows.map(({ row, cells }) => ({ row, says: saysOf(cells) })),
    entries: [...entries, ...rows.map(listedEntry)],
    devices: devices.length,
  };
}

const SAYS = ["controlNumber", "names", "maker", "model", "serial", "location"] as const;

function saysOf(cells: Listed["cells"]): string {
  return SAYS.flatMap((field) => cells[field] ?? []).join(", ");
}

function entryOf({ id, name, maker, model, serial, location, places, last }: Life, missing: string): RecallEntry {
  const latest = places.reduce<Life["places"][number] | null>((best, it) => (best === null || it.last > best.last ? it : best), null);
  const place = latest?.value ?? location;
  const state = missing === "" ? "heard" : "cannot tell";
  return {
    id,
    state,
    name,
    what: [maker, model, serial].filter((it) => it !== null).join(", "),
    missing,
    ward: wardIn(place),
    place,
    last,
  };
}

function listedEntry({ row, cells }: Listed): RecallEntry {
  const place = cells.location ?? null;
  const name = cells.names ?? cells.controlNumber ?? `Row ${row}`;
  return { id: `row ${row}`, state: "listed only", name, what: saysOf(cells), missing: "", ward: wardIn(place), place, last: null };
}

function wardIn(place: string | null): string | null {
  return place === null ? null : wardCalled(place);
}

function asTold({ maker, model, serial, udi }: Listed["cells"]): Told {
  return { maker: maker ?? null, model: model ?? null, serial: serial ?? null, udi: udi ?? null, software: [] };
}

interface Test {
  /** What must be known for it. */
  readonly needs: string;
  readonly meant: (device: Told) => Meant;
}

function testsOf({ maker, model, serials, version, udi, lot }: RecallQuestion): Test[] {
  const asked = (text: string | undefined) => (text === undefined || text.trim() === "" ? [] : [text.trim()]);
  const known = <Value>(value: Value | null, test: (value: Value) => boolean): Meant => (value === null ? null : test(value));
  const tests: Test[] = [
    ...asked(maker).map((it): Test => ({ needs: "maker", meant: (device) => known(device.maker, (has) => plain(has) === plain(it)) })),
    ...asked(model).map((it): Test => ({ needs: "model", meant: (device) => known(device.model, (has) => plain(has) === plain(it)) })),
    ...asked(serials).map((it): Test => {
      const ranges = rangesOf(it);
      return { needs: "serial number", meant: ({ serial }) => known(serial, (has) => ranges.some((range) => within(has, range))) };
    }),
    ...asked(version).map((it): Test => ({
      needs: "version",
      meant: ({ software }) => known(latestOf(software), (has) => hasWord(has, it)),
    })),
    ...asked(udi).map((it): Test => ({
      needs: "UDI",
      meant: (device) => known(device.udi, (has) => identifierOf(has) === identifierOf(it)),
    })),
    ...asked(lot).map((it): Test => ({ needs: "lot", meant: (device) => known(lotOf(device.udi), (has) => plain(has) === plain(it)) })),
  ];
  if (tests.length === 0) throw new BadQuery("expected a maker, a model, serial numbers, a version, a UDI or a lot, got none of them");
  return tests;
}

/** What a person writes one way and a device another: case, spaces and hyphens. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\s\-_.]+/gu, "");
}

interface Range {
  readonly from: Serial;
  readonly to: Serial;
}
/** "SN00123": letters before, digits as a number of that many places. */
interface Serial {
  readonly letters: string;
  readonly digits: string;
}

/** "A1001, B200..B299". A hyphen stands within serial numbers, so a range has two points. */
function rangesOf(text: string): Range[] {
  const parts = text.split(/[,;\s]+/u).filter((it) => it !== "");
  if (parts.length > RANGES_MAX) throw new BadQuery(`expected at most ${RANGES_MAX} serial numbers or ranges, got ${parts.length}`);
  return parts.map((part) => {
    const ends = part.split("..");
    const [from = "", to = from] = ends;
    const range = { from: serialOf(from), to: serialOf(to) };
    const { from: a, to: b } = range;
    if (ends.length > 2 || from === "" || to === "" || a.letters !== b.letters || compare(a, b) > 0)
      throw new BadQuery(`expected a serial number or a range like B200..B299, got "${part.slice(0, 60)}"`);
    return range;
  });
}

function serialOf(text: string): Serial {
  const plainText = plain(text);
  let end = plainText.length;
  while (end > 0 && plainText.charCodeAt(end - 1) >= 0x30 && plainText.charCodeAt(end - 1) <= 0x39) end--;
  return { letters: plainText.slice(0, end), digits: plainText.slice(end) };
}

/** Of the same letters. Longer ones are greater: leading zeros are part of a number on a label. */
function compare(a: Serial, b: Serial): number {
  return a.digits.length - b.digits.length || (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0);
}

function within(text: string, { from, to }: Range): boolean {
  const serial = serialOf(text);
  return serial.letters === from.letters && compare(from, serial) <= 0 && compare(serial, to) <= 0;
}

/** What it said last of its software, all of it. */
function latestOf(software: Told["software"]): string | null {
  const last = Math.max(...software.map((it) => it.last));
  return software.length === 0
    ? null
    : software
        .filter((it) => it.last === last)
        .map(({ value }) => value)
        .join(" ");
}

function hasWord(text: string, word: string): boolean {
  return text
    .toLowerCase()
    .split(/[\s/,;]+/u)
    .includes(word.toLowerCase().trim());
}

/** GS1 01, the model's part of a UDI: fourteen digits, alone or after their mark. */
function identifierOf(udi: string): string {
  return /^\(?01\)?(\d{14})/u.exec(udi)?.[1] ?? plain(udi);
}

/** GS1 10. Without brackets nobody can tell where the part before it ends. */
function lotOf(udi: string | null): string | null {
  return /\(10\)([^(]{1,20})/u.exec(udi ?? "")?.[1] ?? null;
}
