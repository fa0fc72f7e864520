import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { oneModule } from "./one-module.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-one-module-"));
after(() => rmSync(folder, { recursive: true }));

/** Each way in which our modules import and export; what they do shows in `order`. */
const MODULES = {
  "main.ts": `import { basename } from "node:path";
import * as said from "./said.ts";
import { a as first,
  again } from "./a.ts";
await undefined;
globalThis.order.push("main", first, again(), said.word, said.Greeting.name, basename(import.meta.dirname));
`,
  "a.ts": `import { place } from "./deep/place.ts";
globalThis.order.push("a");
export const a = place;
const b = "b";
export { b as
  c };
export function again() {
  return a;
}
`,
  "said.ts": `export { c as word } from "./a.ts";
export { Greeting } from "./greeting.ts";
`,
  "greeting.ts": `globalThis.order.push("greeting");
export class Greeting {}
`,
  "deep/place.ts": `export const place = import.meta.dirname.split("/").at(-1);
export async function fails() {
  throw new Error("on line 3");
}
`,
};

test("modules as one do the same, in the same order, and each line is known by where it was", async () => {
  const { text, places } = oneModule(new Map(Object.entries(MODULES)), "main.ts");
  writeFileSync(join(folder, "one.mjs"), text);
  for (const [name, source] of Object.entries(MODULES)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  const orderOf = async (file: string) => {
    const seen: string[] = [];
    (globalThis as { order?: string[] }).order = seen;
    await import(pathToFileURL(join(folder, file)).href);
    return seen;
  };
  const expected = ["a", "greeting", "main", "deep", "deep", "b", "Greeting", basename(folder)];
  assert.deepEqual([await orderOf("main.ts"), await orderOf("one.mjs")], [expected, expected]);

  const lines = text.split("\n");
  const told = /throw .*|return a;|class \w+|"main".*/;
  const found = places.flatMap(([line, name]) => {
    const at = MODULES[name as keyof typeof MODULES].split("\n").findIndex((it) => told.test(it));
    return at < 0 ? [] : [`${name} ${told.exec(lines[line - 1 + at]!)?.[0]}`];
  });
  assert.deepEqual(found.toSorted(), [
    "a.ts return a;",
    'deep/place.ts throw new Error("on line 3");',
    "greeting.ts class Greeting",
    `main.ts "main", first, again(), said.word, said.Greeting.name, basename(import.meta.dirname));`,
  ]);
});

for (const [what, source] of Object.entries({
  "a circle": `import { order } from "./main.ts";\nexport const a = order;\n`,
  "a name that is given anew": `export let a = 1;\n`,
  "an export without a name": `export default 1;\n`,
  "a module that is not there": `import { b } from "./b.ts";\nexport const a = b;\n`,
}))
  test(`${what} is refused`, () => {
    const modules = new Map([
      ["main.ts", `import { a } from "./a.ts";\nexport const order = a;\n`],
      ["a.ts", source],
    ]);
    assert.throws(() => oneModule(modules, "main.ts"), /^Error: expected /);
  });
