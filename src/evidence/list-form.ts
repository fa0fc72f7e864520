/**
 * Lists with a line of headings: comma, semicolon or tab between the cells, as programs and LibreOffice write them (RFC 4180). Columns
 * are told by their headings in any order, whatever capitals and hyphens stand in them.
 */
import type { Entry, EvidenceFile, EvidenceForm, Unread } from "../model/evidence.ts";

/** Titles and remarks may stand before the headings. */
const LINES_BEFORE_MAX = 10;
/** A line of more is no list of ours. */
const CELLS_MAX = 1_024;

/** Headings of each column, in small letters and digits alone. */
type Columns<Name extends string> = Readonly<Record<Name, readonly string[]>>;

interface ListForm<Name extends string> extends Pick<EvidenceForm, "title" | "source" | "made"> {
  readonly columns: Columns<Name>;
  /** Without these it is another list. */
  readonly needs: readonly NoInfer<Name>[];
  /** Asked with each line under the headings; a column that is not there is "". */
  readonly entry: (cells: Readonly<Record<NoInfer<Name>, string>>, file: EvidenceFile) => Entry | Unread | null;
}

export function listForm<Name extends string>({ columns, needs, entry, ...about }: ListForm<Name>): EvidenceForm {
  const headingsIn = (line: string) => headings(line, columns, needs);
  return {
    ...about,
    recognize: (head) => head.slice(0, LINES_BEFORE_MAX).some((line) => headingsIn(line) !== null),
    reader(file) {
      let known: Headings<Name> | null = null;
      return (line) => {
        if (line.trim() === "") return null;
        if (known === null) {
          known = headingsIn(line);
          return null;
        }
        const cells = cellsOf(line, known.separator);
        if (cells.length < known.least) return { expected: `${known.count} cells, got ${cells.length}` };
        const places = known.places;
        const named = Object.keys(columns).map((name) => [name, cells[places[name as Name] ?? -1] ?? ""]);
        return entry(Object.fromEntries(named) as Record<Name, string>, file);
      };
    },
  };
}

interface Headings<Name extends string> {
  readonly separator: string;
  readonly places: Partial<Readonly<Record<Name, number>>>;
  readonly count: number;
  /** Cells up to the last one that is needed. */
  readonly least: number;
}

function headings<Name extends string>(line: string, columns: Columns<Name>, needs: readonly Name[]): Headings<Name> | null {
  const separator = [",", ";", "\t"].toSorted((a, b) => line.split(b).length - line.split(a).length)[0]!;
  const found = cellsOf(line, separator).map((cell) => cell.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const places: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(columns) as Name[]) {
    // The first heading that fits is the one meant: they stand in the order of how well they do.
    const place = columns[name].map((heading) => found.indexOf(heading)).find((at) => at >= 0);
    if (place !== undefined) places[name] = place;
  }
  if (!needs.every((name) => places[name] !== undefined)) return null;
  return { separator, places, count: found.length, least: Math.max(...needs.map((name) => places[name]!)) + 1 };
}

/** The cells of one line, without the quotes around them. A quote that is never closed ends with the line. */
export function cellsOf(line: string, separator: string): readonly string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length && cells.length < CELLS_MAX;) {
    if (line[at] !== '"') {
      const end = line.indexOf(separator, at);
      cells.push(line.slice(at, end < 0 ? line.length : end).trim());
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let cell = "";
    for (at++; at < line.length; at++) {
      if (line[at] !== '"') cell += line[at]!;
      else if (line[at + 1] === '"') cell += line[at++]!;
      else break;
    }
    cells.push(cell.trim());
    const end = line.indexOf(separator, at);
    if (end < 0) return cells;
    at = end + 1;
  }
  return cells;
}
