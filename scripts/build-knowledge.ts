/**
 * Compiles the large public tables of `../shared/knowledge` (see its README.md for origins) into `src/knowledge/pack/`:
 * the IEEE's registry of MAC prefixes, and Recog's patterns for banners. What we write ourselves needs no compiling: `src/knowledge/*.tsv`.
 *
 *   node scripts/build-knowledge.ts [FOLDER]
 *
 * The same input gives the same bytes; what is published anew every week is compiled by `build-feeds.ts`. Patterns that take long on hostile input are refused: those known to are listed in
 * `src/knowledge/slow-patterns.tsv`, and when another is found the build fails and prints its line.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { gunzipSync } from "node:zlib";
import { registryFile } from "../src/knowledge/registry.ts";

const FROM = process.argv[2] ?? join(import.meta.dirname, "../../shared/knowledge");
const KNOWLEDGE = join(import.meta.dirname, "../src/knowledge");
const PACK = join(KNOWLEDGE, "pack");

// The IEEE's registry. ------------------------------------------------------------------------------------------------------------

function buildPrefixes(): void {
  const rows = text("oui-ieee.tsv.gz")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split("\t") as [string, string]);
  writeFileSync(join(PACK, "prefixes.bin"), registryFile(rows));
  console.log(`prefixes.bin: ${rows.length} prefixes`);
}

// Recog. --------------------------------------------------------------------------------------------------------------------------

/** Files whose subject we hear, by the name we give them, with the longest input they are asked about, and whether it may have several lines. */
const SUBJECTS: Readonly<Record<string, { readonly file: string; readonly lengthMax: number; readonly lines?: true }>> = {
  http: { file: "http_servers", lengthMax: 256 },
  realm: { file: "http_wwwauth", lengthMax: 256 },
  ftp: { file: "ftp_banners", lengthMax: 256, lines: true },
  telnet: { file: "telnet_banners", lengthMax: 256, lines: true },
  ssh: { file: "ssh_banners", lengthMax: 256 },
  snmp: { file: "snmp_sysdescr", lengthMax: 512 },
  "snmp-object": { file: "snmp_sysobjid", lengthMax: 256 },
  smb: { file: "smb_native_os", lengthMax: 256 },
  "dhcp-class": { file: "dhcp_vendor_class", lengthMax: 256 },
  dns: { file: "dns_versionbind", lengthMax: 256 },
};

/** What a pattern may say. `os.device` is left out: it calls a switch a router, and decides no kind (identity notes, 1). */
const SAYINGS = [
  "os.vendor", "os.family", "os.product", "os.version", "hw.vendor", "hw.family", "hw.product", "hw.model", "hw.version", "hw.serial_number",
]; // prettier-ignore

interface Pattern {
  readonly source: string;
  readonly flags: string;
  /** A value, or the number of the group that holds it. */
  readonly says: Readonly<Record<string, string | number>>;
  readonly examples: readonly string[];
}

function buildPatterns(): void {
  const files = untar(gunzipSync(readFileSync(join(FROM, "recog-xml-2026-06-29.tar.gz"))));
  const known = new Set(readFileSync(join(KNOWLEDGE, "slow-patterns.tsv"), "utf8").split("\n").map((line) => line.split("\t")[0]!)); // prettier-ignore
  const slow: string[] = [];
  for (const [subject, { file, lengthMax, lines: several }] of Object.entries(SUBJECTS)) {
    const patterns: Pattern[] = [];
    for (const pattern of patternsOf(files.get(`xml/${file}.xml`) ?? "", several ? "m" : "")) {
      if (known.has(pattern.source)) continue;
      if (isSlow(pattern, lengthMax)) slow.push(pattern.source);
      else patterns.push(pattern);
    }
    const failed = patterns.flatMap((pattern) =>
      pattern.examples.filter((it) => it.length <= lengthMax && !new RegExp(pattern.source, pattern.flags).test(it)),
    );
    const lines = patterns.map(({ source, flags, says }) => JSON.stringify([source, flags, says]));
    writeFileSync(join(PACK, "recog", `${subject}.json`), `[\n${lines.join(",\n")}\n]\n`);
    console.log(`recog/${subject}.json: ${patterns.length} patterns, ${failed.length} examples fail`);
  }
  if (slow.length === 0) return;
  console.error(`slower than ${SLOW_MS} ms on hostile input; to be listed in slow-patterns.tsv:\n${slow.join("\n")}`);
  process.exitCode = 1;
}

function patternsOf(xml: string, lines: "m" | ""): Pattern[] {
  const found: Pattern[] = [];
  for (const [, head = "", body = ""] of xml.replace(/<!--[\s\S]*?-->/g, "").matchAll(/<fingerprint\s([^>]*)>([\s\S]*?)<\/fingerprint>/g)) {
    const { source, flags } = translated(attribute(head, "pattern"), attribute(head, "flags"));
    const says: Record<string, string | number> = {};
    for (const [, param = ""] of body.matchAll(/<param\s([^>]*)\/>/g)) {
      const name = attribute(param, "name");
      const position = Number(attribute(param, "pos"));
      if (SAYINGS.includes(name)) says[name] = position > 0 ? position : attribute(param, "value");
    }
    const examples = [...body.matchAll(/<example([^>]*)>([\s\S]*?)<\/example>/g)].map(([, about = "", it = ""]) =>
      about.includes('_encoding="base64"') ? Buffer.from(it.trim(), "base64").toString("latin1") : unescaped(it),
    );
    found.push({ source, flags: flags + lines, says, examples });
  }
  return found;
}

/** Ruby's to ours: `(?i)` to a flag, `\\A` and `\\Z`, and "multiline", which in Ruby is that a dot matches a line end. */
function translated(pattern: string, flags: string): { readonly source: string; readonly flags: string } {
  const all = `${flags} ${/\(\?[im]+\)/.exec(pattern)?.[0] ?? ""}`;
  const source = pattern
    .replace(/\(\?[im]+\)/g, "")
    .replaceAll("(?im:", "(?is:")
    .replaceAll("\\A", "^")
    .replace(/\\[zZ]/g, "$");
  return { source, flags: (/i\)|ICASE/.test(all) ? "i" : "") + (/m\)|NEWLINE|MULTILINE/.test(all) ? "s" : "") };
}

function attribute(head: string, name: string): string {
  return unescaped(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(head)?.[1] ?? "");
}

function unescaped(xml: string): string {
  return xml
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** A banner is matched once when it is new; a thousand new ones a second may take a whole second at the worst. */
const SLOW_MS = 1;
/** Hostile inputs tried on each pattern. */
const TRIES = 160;

/** Pumps one spot of an example up to the longest input there is, and breaks its end; whoever looks for a way through has to try them all. */
function isSlow({ source, flags, examples }: Pattern, lengthMax: number): boolean {
  const draw = drawing(source);
  const expression = new RegExp(source, flags);
  for (let i = 0; i < TRIES && examples.length > 0; i++) {
    const example = examples[draw(examples.length)]!.slice(0, lengthMax - 1);
    const at = draw(example.length + 1);
    const pump = i % 4 === 0 ? " .\n-"[draw(4)]! : example.slice(at, at + 1 + draw(3)) || "a";
    const pumped = example.slice(0, at) + pump.repeat(Math.ceil((lengthMax - example.length) / pump.length)) + example.slice(at);
    const input = `${pumped.slice(0, lengthMax - 1)}\u0001`;
    // The machine may be busy: the quickest of several counts.
    if (Array.from({ length: 8 }).every(() => milliseconds(expression, input) > SLOW_MS)) return true;
  }
  return false;
}

/** At most 20: the rest is interrupted. */
function milliseconds(expression: RegExp, input: string): number {
  Object.assign(sandbox, { expression, input });
  try {
    return trial.runInContext(sandbox, { timeout: 20 }) as number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return 20;
    throw error;
  }
}
const sandbox = vm.createContext({ performance });
const trial = new vm.Script("{ const from = performance.now(); expression.test(input); performance.now() - from }");

/** Draws below a limit, the same in every run: seeded with the pattern. */
function drawing(seed: string): (limit: number) => number {
  let state = 0;
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

// Files. --------------------------------------------------------------------------------------------------------------------------

function text(name: string): string {
  const bytes = readFileSync(join(FROM, name));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** POSIX tar: a header of 512 bytes, its name first, the size in octal at 124; contents in blocks of 512. */
function untar(tar: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(tar);
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const name = bytes.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 136), 8);
    files.set(name, bytes.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

rmSync(join(PACK, "recog"), { recursive: true, force: true });
mkdirSync(join(PACK, "recog"), { recursive: true });
buildPrefixes();
buildPatterns();
