/**
 * The cells of a workbook (ECMA-376), as text: of a form that a maker filled in that is all there is to read. No formula is worked out, no
 * link followed, no entity resolved; what unpacks to more than a form has is refused before it does.
 */
import { inflateRawSync } from "node:zlib";
import { clean } from "../../bytes/text.ts";
import { elements } from "../../bytes/xml.ts";

/** A filled-in MDS2 of 2019 has 400 kB. */
const UNPACKED_BYTES_MAX = 16_000_000;
const ENTRIES_MAX = 1_000;
const SHEETS_MAX = 20;
const ROWS_MAX = 20_000;
const COLUMNS_MAX = 40;
const STRINGS_MAX = 100_000;
const CELL_LENGTH_MAX = 2_000;

export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Rows of all its sheets, in their order. Throws an Error for people where it is no workbook, or a bomb. */
export function workbookRows(bytes: Buffer): readonly (readonly string[])[] {
  const entries = entriesOf(bytes);
  let left = UNPACKED_BYTES_MAX;
  const text = (name: string): string => {
    const entry = entries.get(name);
    if (entry === undefined) return "";
    const unpacked = unpack(bytes, entry, left);
    left -= unpacked.length;
    return unpacked.toString("utf8");
  };
  const shared = elements(text("xl/sharedStrings.xml"), "si", STRINGS_MAX + 1).map(textIn);
  if (shared.length > STRINGS_MAX) throw new Error(`expected a form of at most ${STRINGS_MAX} texts, got more`);
  const sheets = [...entries.keys()].filter((name) => /^xl\/worksheets\/[\w.-]{1,60}\.xml$/.test(name)).slice(0, SHEETS_MAX);
  if (sheets.length === 0) throw new Error("expected a workbook with a sheet, got another zip file");
  return sheets.flatMap((name) => {
    const rows = elements(text(name), "row", ROWS_MAX + 1);
    // Read in part, a form would seem to leave questions unanswered.
    if (rows.length > ROWS_MAX) throw new Error(`expected sheets of at most ${ROWS_MAX} rows, got more`);
    return rows.map((row) => cellsOf(row, shared));
  });
}

// The zip file (APPNOTE.TXT 6.3.10). ----------------------------------------------------------------------------------------------

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly at: number;
}

const End = { signature: 0x06054b50, length: 22, entries: 10, directory: 16 } as const;
const Central = { signature: 0x02014b50, length: 46, method: 10, packed: 20, name: 28, extra: 30, comment: 32, at: 42 } as const;
const Local = { signature: 0x04034b50, length: 30, name: 26, extra: 28 } as const;
const STORED = 0;
const DEFLATED = 8;

function entriesOf(bytes: Buffer): ReadonlyMap<string, Entry> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + End.length > bytes.length) throw new Error("expected a whole workbook, got one that stops half-way");
  const entries = new Map<string, Entry>();
  let at = bytes.readUInt32LE(end + End.directory);
  for (let count = Math.min(bytes.readUInt16LE(end + End.entries), ENTRIES_MAX); count > 0; count--) {
    if (at + Central.length > bytes.length || bytes.readUInt32LE(at) !== Central.signature) throw new Error("expected a whole workbook, got a damaged one"); // prettier-ignore
    const nameLength = bytes.readUInt16LE(at + Central.name);
    const name = bytes.toString("utf8", at + Central.length, at + Central.length + nameLength);
    entries.set(name, { method: bytes.readUInt16LE(at + Central.method), packed: bytes.readUInt32LE(at + Central.packed), at: bytes.readUInt32LE(at + Central.at) }); // prettier-ignore
    at += Central.length + nameLength + bytes.readUInt16LE(at + Central.extra) + bytes.readUInt16LE(at + Central.comment);
  }
  return entries;
}

function unpack(bytes: Buffer, { method, packed, at }: Entry, left: number): Buffer {
  if (at + Local.length > bytes.length || bytes.readUInt32LE(at) !== Local.signature) throw new Error("expected a whole workbook, got a damaged one"); // prettier-ignore
  const from = at + Local.length + bytes.readUInt16LE(at + Local.name) + bytes.readUInt16LE(at + Local.extra);
  const data = bytes.subarray(from, from + packed);
  const tooMuch = `expected a form of at most ${UNPACKED_BYTES_MAX / 1e6} MB once it is unpacked, got more`;
  if (method === STORED && data.length <= left) return data;
  if (method === STORED || left < 1) throw new Error(tooMuch);
  if (method !== DEFLATED) throw new Error(`expected a workbook that is deflated, got method ${method}`);
  try {
    return inflateRawSync(data, { maxOutputLength: left });
  } catch (error) {
    throw new Error((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? tooMuch : "expected a whole workbook, got a damaged one", { cause: error }); // prettier-ignore
  }
}

// A sheet. ------------------------------------------------------------------------------------------------------------------------

function cellsOf(row: string, shared: readonly string[]): readonly string[] {
  const cells: string[] = [];
  for (let at = row.indexOf("<c "); at >= 0; at = row.indexOf("<c ", at)) {
    const open = row.indexOf(">", at);
    if (open < 0) break;
    const attributes = row.slice(at, Math.min(open, at + 200));
    at = open;
    if (row[open - 1] === "/") continue;
    const end = row.indexOf("</c>", open);
    if (end < 0) break;
    at = end;
    const column = columnOf(/\br="([A-Z]{1,3})\d+"/.exec(attributes)?.[1]) ?? cells.length;
    if (column >= COLUMNS_MAX) continue;
    const inside = row.slice(open + 1, end);
    while (cells.length < column) cells.push("");
    cells[column] = valueOf(inside, /\bt="(\w+)"/.exec(attributes)?.[1], shared);
  }
  return cells;
}

function columnOf(letters: string | undefined): number | null {
  return letters === undefined ? null : letters.split("").reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function valueOf(inside: string, type: string | undefined, shared: readonly string[]): string {
  if (type === "inlineStr") return textIn(inside);
  const value = elements(inside, "v", 1)[0] ?? "";
  return type === "s" ? (shared[Number(value)] ?? "") : plain(value);
}

/** A text may stand in pieces, each in a type of its own. */
function textIn(inside: string): string {
  return plain(elements(inside, "t", 200).join(""));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plain(text: string): string {
  return clean(
    text
      .slice(0, CELL_LENGTH_MAX)
      .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!)
      .replace(/\s+/g, " ")
      .trim(),
  );
}
