/** Captures on disk: which there are under the paths a person named, in what order, and what is wrong with those that are none. */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileIdentity, peekCapture } from "../capture/index.ts";
import { inWords } from "./refusals.ts";

/** A ring of captures in a folder may be long; beyond this a folder was named by mistake. */
const FILES_MAX = 4_096;
const STDIN_FD = 0;

export interface CaptureFile {
  readonly path: string;
  /** Without its folder: what coverage and messages call it. */
  readonly name: string;
  /** Open for reading; closed by whoever reads it. */
  readonly fd: number;
  /** Bytes on disk; 0 for a pipe, whose end nobody knows. */
  readonly size: number;
  /** Its identity, so that the same file read twice counts once; drawn by chance for a pipe, which has none. */
  readonly run: string;
  /** False for a pipe: what it brought cannot be known again. */
  readonly known: boolean;
  readonly firstAt: number | null;
}

export interface NotRead {
  readonly path: string;
  readonly words: string;
}

export interface FoundCaptures {
  /** The paths as the person named them. */
  readonly asked: readonly string[];
  /** Ordered by first frame, then by path. */
  readonly files: readonly CaptureFile[];
  readonly notRead: readonly NotRead[];
  /** Files that hold the same bytes as one of `files`: they count once. */
  readonly repeated: readonly { readonly path: string; readonly as: string }[];
}

/** Opens what the paths name: files, folders (every file directly in them), "-" for standard input. */
export async function findCaptures(paths: readonly string[]): Promise<FoundCaptures> {
  const files = new Map<string, CaptureFile>();
  const notRead: NotRead[] = [];
  const repeated: { path: string; as: string }[] = [];
  const all = [...new Set(paths)].flatMap((path) => filesUnder(path, notRead));
  for (const path of all.slice(0, FILES_MAX)) {
    const file = await openCapture(path);
    if ("words" in file) {
      notRead.push(file);
      continue;
    }
    const same = files.get(file.run);
    if (same === undefined) {
      files.set(file.run, file);
    } else {
      closeSync(file.fd);
      if (same.path !== path) repeated.push({ path, as: same.path });
    }
  }
  for (const path of all.slice(FILES_MAX)) notRead.push({ path, words: `expected at most ${FILES_MAX} files at once, got ${all.length}` });
  const order = (file: CaptureFile) => file.firstAt ?? Number.POSITIVE_INFINITY;
  return {
    asked: paths,
    files: [...files.values()].toSorted((a, b) => order(a) - order(b) || (a.path < b.path ? -1 : 1)),
    notRead,
    repeated,
  };
}

async function openCapture(path: string): Promise<CaptureFile | NotRead> {
  const unknown = { size: 0, run: `pipe-${randomBytes(8).toString("hex")}`, known: false, firstAt: null };
  if (path === "-") return { path, name: "standard input", fd: STDIN_FD, ...unknown };
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const name = basename(path);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { path, name, fd, ...unknown };
    const { firstAt, trouble } = await peekCapture(fd);
    if (trouble === undefined) return { path, name, fd, size: stat.size, run: fileIdentity(fd, stat.size), known: true, firstAt };
    closeSync(fd);
    return { path, words: trouble };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return { path, words: reason(error as NodeJS.ErrnoException) };
  }
}

function filesUnder(path: string, notRead: NotRead[]): string[] {
  if (path === "-") return [path];
  try {
    if (!statSync(path).isDirectory()) return [path];
    // What begins with a dot is the file system's or an editor's own. A link counts as what it leads to.
    const found = readdirSync(path)
      .filter((name) => !name.startsWith("."))
      .map((name) => join(path, name))
      .toSorted()
      .filter((file) => {
        const stat = statSync(file, { throwIfNoEntry: false });
        if (stat === undefined || stat.isFile()) return true;
        // Who names a pipe wants it read; one that merely lies there may never say a word.
        const other = stat.isDirectory() ? "a folder: it is read where it is named itself" : "a pipe, a socket or a device: left alone";
        notRead.push({ path: file, words: `expected a file in this folder, got ${other}` });
        return false;
      });
    if (found.length === 0) notRead.push({ path, words: "expected captures in this folder, found no file" });
    return found;
  } catch (error) {
    notRead.push({ path, words: reason(error as NodeJS.ErrnoException) });
    return [];
  }
}

function reason(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "expected a file or a folder, found none of this name";
  return `expected a file or a folder that can be read, got ${inWords(error)}`;
}
