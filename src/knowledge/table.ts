/** Text tables: one row a line, columns between tabs, "#" begins a comment. A folder's people edit them by hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Rows as they stand; every row has as many columns as asked, each trimmed. A row that has not is ours to mend. */
export function table(name: string, columns: number): string[][] {
  const rows: string[][] = [];
  const lines = readFileSync(join(import.meta.dirname, name), "utf8").split("\n");
  for (const [at, line] of lines.entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const row = line.split("\t").map((cell) => cell.trim());
    if (row.length !== columns) throw new Error(`expected ${columns} columns in line ${at + 1} of ${name}, got ${row.length}`);
    rows.push(row);
  }
  return rows;
}
