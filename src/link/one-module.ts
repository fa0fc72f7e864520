/**
 * Our modules as one, types taken off: to find, open and link some 170 files took a quarter of a sensor's start, and half of a command's.
 *
 * Each stays as it is, line for line, in a function that answers what it exports; an import calls it the first time and takes that answer
 * apart. This is right for modules as ours are written: what is imported and exported has a name, stands at the beginning of a line, is never
 * assigned anew, and no two modules import each other in a circle. Anything else is refused.
 *
 * What is loaded when it is needed, `import(…)`, is one module of its own; a module that stands in both begins once, whichever is first.
 * Node's own modules are asked for and not imported, since an import takes apart all that one has: of `node:fs` or `node:process`, milliseconds.
 */
import { dirname, join } from "node:path/posix";

export interface OneModule {
  readonly text: string;
  /** From which line on each module stands in it, the first being 1. */
  readonly places: readonly Place[];
  /** What it loads when it is needed. */
  readonly later: ReadonlySet<string>;
}
type Place = readonly [line: number, name: string];

/** What stands in one module for what depends on where a module lies: expressions. Where one is missing, what asks for it is refused. */
export interface Where {
  /** `import.meta.dirname`, by the folder's name: `.`, or such as `bytes`. */
  readonly folder: (name: string) => string;
  /** `import.meta.url`, by the module's name. */
  readonly url?: (name: string) => string;
  /** `new URL(…, import.meta.url)`, where a thread begins, by its module's name. */
  readonly thread?: (name: string) => string;
  /** From where it is loaded when it is needed, by its name. */
  readonly part?: (name: string) => string;
  /** By what anything else is imported: a package by its name, a file by its path from ours. */
  readonly package?: (name: string) => string;
}

const BESIDE: Where = {
  folder: (name) => (name === "." ? "import.meta.dirname" : `(import.meta.dirname + ${JSON.stringify(`/${name}`)})`),
};
const IMPORT = /^import\s+(?:(\w+)(?:,\s*|\s+))?(?:(?:\* as (\w+)|(\{[^}]*\}))\s+)?from ["']([^"']+)["'];/gm;
const LATER = /\bimport\("(\.{1,2}\/[^"]+\.ts)"\)/g;
const THREAD = /\bnew URL\("(\.{1,2}\/[^"]+\.ts)", import\.meta\.url\)/g;
const LEFT = /\bimport\.meta\.(?!dirname)\w*|\bimport\("(?!node:|\.\/[\w-]+\.part\.mjs").*/;
const ONCE =
  'const $begun = (globalThis[Symbol.for("auscult.modules")] ??= new Map()); const $once = (name, begin) => () => $begun.get(name) ?? $begun.set(name, begin()).get(name);';

/**
 * `modules` by name, such as `bytes/reader.ts`, without types. The first may be one that is started, which may wait for what comes, or a part
 * of another, which gives what it exports by default.
 */
export function oneModule(modules: ReadonlyMap<string, string>, first: string, where: Where = BESIDE, isPart = false): OneModule {
  const parts = new Map<string, Part>();
  const builtIns = new Map<string, string>();
  const packages = new Map<string, string>();
  const later = new Set<string>();

  const visit = (name: string, under: readonly string[]): string => {
    const known = parts.get(name);
    if (known !== undefined) return known.is;
    const source = modules.get(name);
    if (source === undefined || under.includes(name))
      throw new Error(`expected modules, none in a circle: ${[...under, name].join(" → ")}`);
    const { text, exported } = taken(source, (from) => {
      if (from.startsWith("node:")) return nameIn(builtIns, from, "$node");
      const isNear = from.startsWith(".");
      const imported = join(isNear ? dirname(name) : from, isNear ? from : "index.js");
      if (modules.has(imported) || imported.endsWith(".ts")) return `${visit(imported, [...under, name])}()`;
      return nameIn(packages, isNear ? imported : from, "$package");
    });
    const is = `$${parts.size}`;
    parts.set(name, { is, exported, text: placed(text, name, where, later) });
    return is;
  };
  visit(first, []);

  const head = [
    ...Array.from(packages, ([name, it]) => `import * as ${it} from ${JSON.stringify(where.package?.(name) ?? name)};`),
    ...Array.from(builtIns, ([name, it]) => `const ${it} = process.getBuiltinModule("${name}");`),
    ONCE,
  ];
  return { ...joined(`${head.join(" ")}\n`, parts, isPart ? undefined : first), later };
}

interface Part extends Taken {
  /** What it is in the one module: a function that answers what it exports. */
  readonly is: string;
}

/** The last of them is the first to begin. */
function joined(head: string, parts: ReadonlyMap<string, Part>, started: string | undefined): Omit<OneModule, "later"> {
  const places: Place[] = [];
  let text = head;
  let line = 2;
  for (const [name, { is, text: here, exported }] of parts) {
    // In parentheses, it is compiled at once and not looked over first.
    const begin = `const ${is} = $once(${JSON.stringify(name)}, (() => { ${here}\nreturn { ${exported.join(", ")} };\n}));\n`;
    const whole = name === started ? here : begin;
    places.push([line, name]);
    text += whole;
    line += whole.split("\n").length - 1;
  }
  return { text: started === undefined ? `${text}export default $${parts.size - 1}();\n` : text, places };
}

function nameIn(names: Map<string, string>, of: string, begin: string): string {
  if (!names.has(of)) names.set(of, `${begin}${names.size}`);
  return names.get(of)!;
}

/** Each expression that depends on where the module lies, as one that does not. */
function placed(text: string, name: string, { folder, url, thread, part }: Where, later: Set<string>): string {
  const near = (from: string) => join(dirname(name), from);
  let here = text.replaceAll("import.meta.dirname", folder(dirname(name)));
  if (thread !== undefined) here = here.replace(THREAD, (_, from: string) => thread(near(from)));
  if (url !== undefined) here = here.replaceAll("import.meta.url", url(name));
  if (part !== undefined)
    here = here.replace(LATER, (_, from: string) => {
      later.add(near(from));
      return `import(${JSON.stringify(part(near(from)))}).then((it) => it.default)`;
    });
  const left = LEFT.exec(here);
  // In a package's comments it stands as an example.
  if (left !== null && name.endsWith(".ts")) throw new Error(`expected nothing that depends on where a module lies, got ${left[0]}`);
  return here;
}

interface Taken {
  readonly text: string;
  /** As they stand between the braces of an object. */
  readonly exported: readonly string[];
}

/** Its imports and exports. `valueOf` says what everything is that a module exports. */
function taken(source: string, valueOf: (from: string) => string): Taken {
  const exported: string[] = [];
  const text = source
    .replace(IMPORT, (_, whole: string | undefined, all: string | undefined, some: string | undefined, from: string) => {
      const value = valueOf(from);
      // What a module of Node's gives by default is the module.
      const byDefault = whole === undefined ? "" : `${whole} = ${value}${from.startsWith("node:") ? "" : ".default"}, `;
      return `const ${byDefault}${all ?? (some ?? "{}").replace(/ as /g, ": ")} = ${value};`;
    })
    .replace(/^export\s+\{([^}]*)\}(?: from ["']([^"']+)["'])?;/gm, (whole, names: string, from: string | undefined) => {
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
