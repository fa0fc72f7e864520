/**
 * How the process that reads hostile bytes is confined (README.md, promise 1). Layers that need something of the machine (a kernel
 * that lets us make namespaces, a program that is installed) are tried from the strictest set down; `doctor` says which hold.
 */
import { accessSync, constants, readFileSync, readlinkSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";

export interface Confinement {
  readonly name: "full" | "namespaces" | "limits" | "runtime";
  readonly command: string;
  readonly args: readonly string[];
  /** A folder to be opened for it as descriptor `SOURCE_FD`: the way to its source for a user who may not walk there. */
  readonly source?: string;
}

/** Or Node would look where a descriptor's folder really lies. */
const PATHS_AS_GIVEN = ["--preserve-symlinks", "--preserve-symlinks-main"];
/** Open where `Confinement.source` asks for it. */
export const SOURCE_FD = 4;
const MANIFEST = resolve(import.meta.dirname, "..", "..", "package.json");
const NOBODY = "65534";

/** `node:sqlite`, FFI and web storage are not covered by the permission model: they are switched off by flags of their own. */
export const RUNTIME_FLAGS: readonly string[] = [
  "--permission",
  "--no-experimental-sqlite",
  "--no-experimental-ffi",
  "--no-experimental-webstorage",
  "--disallow-code-generation-from-strings",
  // Typed arrays hold what grows; the heap only ever holds one batch and the parsers.
  "--max-semi-space-size=8",
  "--disable-warning=ExperimentalWarning",
];

/** Ways to start `script` confined, the strictest first. Each is the whole command line. It may read the folder it lies in. */
export function confinements(script: string, args: readonly string[] = []): readonly Confinement[] {
  const source = dirname(script);
  // The manifest is where Node asks what kind of modules they are.
  const node = nodeOf(script, [`${source}/`, MANIFEST], args);
  const root = process.getuid?.() === 0;
  const [prlimit, unshare, setpriv] = [find("prlimit"), find("unshare"), find("setpriv")];
  const ways: Confinement[] = [];
  const way = (name: Confinement["name"], line: readonly string[], opened?: { source: string }) =>
    ways.push({ name, command: line[0]!, args: line.slice(1), ...opened });

  const limits = prlimit === undefined ? [] : [prlimit, "--fsize=0", "--core=0", "--"];
  if (prlimit && unshare && setpriv) {
    if (root) {
      // A user of its own: it can neither signal the core nor read what only root may. No fork, so that its death is seen as it is.
      const own = [setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--bounding-set", "-all", "--no-new-privs", "--"];
      // Below a home that is open to its owner alone that user finds no path: what is opened for it, it may read.
      const opened = `/proc/self/fd/${SOURCE_FD}`;
      const there = nodeOf(join(opened, basename(script)), [`${opened}/`], args, PATHS_AS_GIVEN);
      way("full", [...limits, unshare, "--net", "--", ...own, ...there], { source });
    }
    // Without root a process namespace takes the user's place: what it cannot name it cannot signal.
    way("namespaces", [
      ...limits,
      unshare,
      "--user",
      "--net",
      "--pid",
      "--fork",
      "--kill-child",
      "--",
      setpriv,
      "--no-new-privs",
      "--",
      ...node,
    ]);
  }
  if (prlimit && setpriv) way("limits", [...limits, setpriv, "--no-new-privs", "--", ...node]);
  way("runtime", node);
  return ways;
}

function nodeOf(script: string, reads: readonly string[], args: readonly string[], flags: readonly string[] = []): readonly string[] {
  return [process.execPath, ...RUNTIME_FLAGS, ...reads.map((path) => `--allow-fs-read=${path}`), ...flags, script, ...args];
}

export interface Holds {
  readonly noNewPrivileges: boolean;
  readonly ownNetwork: boolean;
  readonly ownUser: boolean;
  readonly noFileWrites: boolean;
}

/** What holds for a running sensor, read from the kernel, not from what we asked for. `pid` is what was started: unshare may stand before it. */
export function holds(started: number): Holds {
  const pid = innermost(started);
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const limits = readFileSync(`/proc/${pid}/limits`, "utf8");
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  return {
    noNewPrivileges: /^NoNewPrivs:\s+1/m.test(status),
    ownNetwork: readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync("/proc/self/ns/net"),
    ownUser: uid !== String(process.getuid?.()) || readlinkSync(`/proc/${pid}/ns/user`) !== readlinkSync("/proc/self/ns/user"),
    noFileWrites: /^Max file size\s+0\s+0/m.test(limits),
  };
}

function innermost(pid: number): number {
  const child = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0];
  return child === undefined || child === "" ? pid : innermost(Number(child));
}

function find(program: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).concat("/usr/bin", "/usr/sbin", "/bin", "/sbin")) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      continue; // Not in this folder.
    }
  }
  return undefined;
}

export { find as findProgram };
