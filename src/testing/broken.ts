/** A copy of the program with a fault put in: what a proof must find, or it proves nothing. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

interface Fault {
  /** Below the program's folder. */
  readonly file: string;
  readonly instead: string;
  readonly of: string;
}

/** Its `main.ts`. `folder` must not be there, and everybody must be able to read it: the sensor runs as nobody. */
export function brokenCopy(folder: string, faults: readonly Fault[]): string {
  for (const part of ["src", "package.json"]) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const { file, instead, of } of faults) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    assert.equal(text.split(of).length, 2, `expected once in ${file}: ${of}`);
    writeFileSync(
      path,
      text.replace(of, () => instead),
    );
  }
  return join(folder, "src", "main.ts");
}
