/** Lays out what runs without npm, without a Node of the machine's own and without any network: the bundle is this tree, and the .deb is made of it. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { buildWeb } from "./build-web.mjs";

export const ROOT = join(import.meta.dirname, "..");

/** `scripts/build-web.mjs` tells whether the pages are built; in a bundle they always are. */
const OURS = ["LICENSE", "NOTICE", "README.md", "SECURITY.md", "package.json", "bin/auscult.mjs", "scripts/build-web.mjs"];
/** Tests, and what only tests use. */
const NOT_SHIPPED = /\.test\.ts$|^(proofs|testing)\//;
/** What Node loads of a package, and what its license asks to come along. Types, maps and sources are most of the rest. */
const LOADED = new Set([".cjs", ".js", ".json", ".mjs"]);
const LICENSE = /^(licen[cs]e|copying|notice|authors)/i;
const NEVER_LOADED = new Set(["benchmark", "benchmarks", "example", "examples", "test", "tests", "tap-snapshots", ".github"]);
/** Debian's package libatomic1 has both. */
const ATOMIC = { library: "libatomic.so.1", copyright: "/usr/share/doc/libatomic1/copyright" };

/** `folder` must not be there. */
export async function layBundle(folder: string): Promise<void> {
  await buildWeb();
  for (const name of OURS) copy(join(ROOT, name), join(folder, name));
  for (const name of filesUnder(join(ROOT, "src")).filter((it) => !NOT_SHIPPED.test(it)))
    copy(join(ROOT, "src", name), join(folder, "src", name));
  for (const name of filesUnder(join(ROOT, "docs")).filter((it) => !it.endsWith(".test.ts")))
    copy(join(ROOT, "docs", name), join(folder, "docs", name));
  cpSync(join(ROOT, "web", "dist"), join(folder, "web", "dist"), { recursive: true });
  for (const name of packages()) copyPackage(name, join(folder, name));
  copy(join(ROOT, "deploy", "auscult"), join(folder, "auscult"));
  copy(atomicLibrary(), join(folder, "lib", ATOMIC.library));
  copy(ATOMIC.copyright, join(folder, "lib", `${ATOMIC.library}.copyright`));
  setModes(folder, new Set([join(folder, "auscult"), join(folder, nodePackage(), "bin", "node")]));
}

/** As the file's names call this machine: x64, arm64. */
export const ARCHITECTURE = process.arch;

/**
 * In seconds since 1970: SOURCE_DATE_EPOCH, or when the source was committed. Not one time for all versions: browsers are told by it whether
 * a page they keep is still the same.
 */
export function sourceTime(): number {
  const told = process.env["SOURCE_DATE_EPOCH"];
  if (told === undefined) return Number(execFileSync("git", ["-C", ROOT, "log", "-1", "--format=%ct"], { encoding: "utf8" }));
  if (!/^\d{1,11}$/.test(told)) throw new Error(`expected SOURCE_DATE_EPOCH to be seconds since 1970, got "${told}"`);
  return Number(told);
}

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** Folders of what the lockfile says runs here, from ours. */
function packages(): readonly string[] {
  const { packages: locked } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const isFor = (list: readonly string[] | undefined, here: string) => list === undefined || list.includes(here);
  return Object.entries(locked).flatMap(([name, { dev, devOptional, os, cpu }]) =>
    name === "" || dev || devOptional || !isFor(os, process.platform) || !isFor(cpu, process.arch) ? [] : [name],
  );
}

function nodePackage(): string {
  return `node_modules/node-${process.platform}-${process.arch}`;
}

/** Without those that lie below it: each is copied for itself. */
function copyPackage(name: string, into: string): void {
  const from = join(ROOT, name);
  if (!existsSync(from)) throw new Error(`expected ${name}, found nothing there: npm ci`);
  if (name === nodePackage()) {
    for (const file of ["LICENSE", "package.json", "bin/node"]) copy(join(from, file), join(into, file));
    return;
  }
  for (const file of filesUnder(from)) {
    if (
      dirname(file)
        .split("/")
        .some((part) => NEVER_LOADED.has(part) || part === "node_modules")
    )
      continue;
    if (basename(file).startsWith(".")) continue;
    if (LOADED.has(extname(file)) || LICENSE.test(basename(file))) copy(join(from, file), join(into, file));
  }
}

function atomicLibrary(): string {
  const known = execFileSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" });
  const path = new RegExp(`^\\s*${ATOMIC.library.replaceAll(".", "\\.")} \\(.*=> (.+)$`, "m").exec(known)?.[1];
  if (path === undefined || !existsSync(ATOMIC.copyright))
    throw new Error(`expected ${ATOMIC.library}, found none: apt-get install libatomic1`);
  return realpathSync(path);
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(folder.length + 1))
    .toSorted();
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** Whatever the builder's umask was. */
function setModes(folder: string, programs: ReadonlySet<string>): void {
  chmodSync(folder, 0o755);
  for (const it of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(it.parentPath, it.name);
    chmodSync(path, it.isDirectory() || programs.has(path) ? 0o755 : 0o644);
  }
}
