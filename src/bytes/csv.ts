/** Records of a table with separators (RFC 4180), as people and programs write it: any line end, quotes where they are needed. */

/** Longer ones are a quote that nobody closed. */
const CELL_LENGTH_MAX = 1024 * 1024;

/** Throws an Error for people, with the line, where a quote is not closed. A quote inside of a cell that does not begin with one is text. */
export function csvRecords(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let line = 1;
  for (let at = 0; at < text.length || record.length > 0;) {
    let cell = "";
    if (text[at] === '"') {
      const begins = line;
      for (at++; ; at++) {
        const end = text.indexOf('"', at);
        if (end < 0 || end - at > CELL_LENGTH_MAX) throw new Error(`expected a quote at the end of what begins with one in line ${begins}`);
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
      line += cell.split("\n").length - 1;
    }
    const rest = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
    record.push(cell + text.slice(rest, at));
    if (text[at] === separator) {
      at++;
      // The cell after the last separator is there, and empty.
      if (at < text.length) continue;
      record.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
    records.push(record);
    record = [];
  }
  return records;
}
