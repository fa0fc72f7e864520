/**
 * The sensor's modules as one, types taken off: to find, open and link some 170 files took a quarter of its start.
 *
 * Each stays as it is, line for line, in a function that answers what it exports; an import takes that answer apart. This is right for modules
 * as ours are written: what is imported and exported has a name, stands at the beginning of a line, is never assigned anew, and no two modules
 * import each other in a circle. Anything else is refused.
 */
import { dirname, join } from "node:path/posix";

export interface OneModule {
  readonly text: string;
  /** From which line on each module stands in it, the first being 1. */
  readonly places: readonly Place[];
}
type Place = readonly [line: number, name: string];

/** `modules` by name, such as `bytes/reader.ts`, without types; the one to be started is `main`, and may wait for what comes. */
export function oneModule(modules: ReadonlyMap<string, string>, main: string): OneModule {
  const made: string[] = [];
  const places: Place[] = [];
  const numbers = new Map<string, number>();
  const builtIns = new Map<string, string>();
  let lines = 0;

  const add = (text: string, name?: string) => {
    if (name !== undefined) places.push([lines + 1, name]);
    made.push(text);
    lines += text.split("\n").length - 1;
  };
  const numberOf = (name: string, under: readonly string[]): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const source = modules.get(name);
    if (source === undefined || under.includes(name))
      throw new Error(`expected modules, none in a circle: ${[...under, name].join(" → ")}`);
    const { text, exported } = taken(source, (from) => {
      if (from.startsWith(".")) return `$${numberOf(join(dirname(name), from), [...under, name])}`;
      if (!builtIns.has(from)) builtIns.set(from, `$node${builtIns.size}`);
      return builtIns.get(from)!;
    });
    const number = numbers.size;
    numbers.set(name, number);
    const folder = dirname(name);
    const here = folder === "." ? text : text.replaceAll("import.meta.dirname", `(import.meta.dirname + ${JSON.stringify(`/${folder}`)})`);
    // In parentheses, it is compiled at once and not looked over first.
    if (name === main) add(here, name);
    else add(`const $${number} = (() => { ${here}\nreturn { ${exported.join(", ")} };\n})();\n`, name);
    return number;
  };
  numberOf(main, []);
  const head = Array.from(builtIns, ([from, it]) => `import * as ${it} from "${from}"; `).join("");
  return { text: head + made.join(""), places };
}

interface Taken {
  readonly text: string;
  /** As they stand between the braces of an object. */
  readonly exported: readonly string[];
}

/** Its imports and exports. `valueOf` says under which name everything is that a module exports. */
function taken(source: string, valueOf: (from: string) => string): Taken {
  const exported: string[] = [];
  const text = source
    .replace(/^import\s+(?:\* as (\w+)|(\{[^}]*\}))\s+from "([^"]+)";/gm, (_, all: string | undefined, some: string, from: string) => {
      return `const ${all ?? some.replace(/ as /g, ": ")} = ${valueOf(from)};`;
    })
    .replace(/^export\s+\{([^}]*)\}(?: from "([^"]+)")?;/gm, (whole, names: string, from: string | undefined) => {
      const value = from === undefined ? "" : `${valueOf(from)}.`;
      for (const [, name, as] of names.matchAll(/(\w+)(?:\s+as\s+(\w+))?/g)) exported.push(`${as ?? name}: ${value}${name}`);
      return "\n".repeat(whole.split("\n").length - 1);
    })
    .replace(/^export\s+((?:async )?(?:const|function\*?|class)\s+(\w+))/gm, (_, declared: string, name: string) => {
      exported.push(name);
      return declared;
    });
  const left = /^(?:import|export)\b.*/m.exec(text);
  if (left !== null) throw new Error(`expected an import or export as ours are written, got ${left[0]}`);
  return { text, exported };
}
