/**
 * A recording copied while it is written, and put back. The copy is one moment of the recording with a list of hashes in front, one for
 * each block, so that a damaged byte is found with its place before anything is replaced.
 *
 * Layout: a line `AUSCULT-BACKUP 2` with the SHA-256 of the next line, a line of JSON (`Manifest`), then the database, then the files that
 * lay beside it, one after the other. Version 1 is read as well: it had none.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hold } from "./database.ts";
import { chainTrouble } from "./said.ts";
import { RECORDING_VERSION } from "./version.ts";

const MAGIC = "AUSCULT-BACKUP 2 ";
const MAGIC_BEFORE = "AUSCULT-BACKUP 1 ";
const HEAD_BYTES = MAGIC.length + 64 + 1;
const BLOCK_BYTES = 1 << 20;
/** What lies beyond is no list of blocks: one of 10 TB. */
const MANIFEST_BYTES_MAX = 1 << 30;

interface Manifest {
  /** What the recording was called. Backups made before it was kept have none. */
  readonly name?: string;
  readonly version: number;
  readonly bytes: number;
  readonly blockBytes: number;
  /** SHA-256 of each block of all that follows, in hex. */
  readonly blocks: readonly string[];
  /** Of files beside the recording, in their order. Absent: none. */
  readonly beside?: readonly { readonly name: string; readonly bytes: number }[];
}

/** A file that belongs to a site's recordings, by its name in the data directory. */
export interface Beside {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Copies the recording at `path` to `file`, which must not be there. Throws an Error for people. */
export function backup(path: string, file: string, beside: readonly Beside[] = [], name = basename(path, ".db")): void {
  if (existsSync(file)) throw new Error(`expected a new file, got one that is there: ${file}`);
  const [copy, whole] = [`${file}.auscult-copy`, `${file}.auscult-part`];
  try {
    // Made by us, or it would be readable for everybody; SQLite fills it.
    writeFileSync(copy, "", { mode: 0o600 });
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      database.prepare("VACUUM INTO ?").run(copy);
    } finally {
      database.close();
    }
    check(copy);
    write(copy, whole, name, beside);
    verify(whole);
    replace(whole, file);
  } finally {
    rmSync(copy, { force: true });
    rmSync(whole, { force: true });
  }
}

/** What the recording in `file` was called; undefined where that was not kept. Throws an Error for people where it is no backup. */
export function nameOf(file: string): string | undefined {
  return head(file).manifest.name;
}

/** What lay beside the recording in `file`, once all of it is checked. Throws an Error for people. */
export function besideIn(file: string): readonly Beside[] {
  // Most have none, and all of it is read again when it is put back.
  if (head(file).manifest.beside === undefined) return [];
  const { manifest, start } = verify(file);
  let at = start + manifest.bytes;
  return manifest.beside!.map(({ name, bytes }) => {
    at += bytes;
    return { name, bytes: bytesOf(file, bytes, at - bytes) };
  });
}

/** Puts `file` back as the recording at `path`. Nothing is replaced before all of it is checked. Throws an Error for people. */
export function restore(file: string, path: string): void {
  const { manifest, start } = verify(file);
  if (manifest.version > RECORDING_VERSION)
    throw new Error(
      `expected a backup of version ${RECORDING_VERSION} or older, got version ${manifest.version}: a newer Auscult wrote it`,
    );
  const lock = hold(path);
  const part = `${path}.part`;
  try {
    copyFrom(file, start, manifest.bytes, part);
    check(part);
    foldLog(path);
    // What is left of an earlier log would be taken for the new file's own.
    for (const log of [`${path}-wal`, `${path}-shm`]) rmSync(log, { force: true });
    replace(part, path);
  } finally {
    for (const left of [part, `${part}-wal`, `${part}-shm`]) rmSync(left, { force: true });
    lock.release();
  }
}

/** So that a power cut before the end leaves the earlier recording whole. One that is damaged is what is replaced: it need not be. */
function foldLog(path: string): void {
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Nobody can say what was in it.
  } finally {
    database.close();
  }
}

function replace(part: string, path: string): void {
  renameSync(part, path);
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** Throws where the database itself, or the chain of what people said, is not whole. */
export function check(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const first = Object.values(database.prepare("PRAGMA integrity_check(1)").get() ?? {})[0];
    if (first !== "ok") throw new Error(`expected a whole recording, got: ${String(first)}`);
    const chain = chainTrouble(database);
    if (chain !== null) throw new Error(chain);
  } finally {
    database.close();
  }
}

function write(copy: string, file: string, name: string, beside: readonly Beside[]): void {
  const bytes = statSync(copy).size;
  const rows = beside.map((it) => ({ name: it.name, bytes: it.bytes.length }));
  append(copy, beside);
  const blocks: string[] = [];
  eachBlock(copy, 0, BLOCK_BYTES, (block) => blocks.push(hash(block)));
  const manifest: Manifest = { name, version: RECORDING_VERSION, bytes, blockBytes: BLOCK_BYTES, blocks, ...(rows.length === 0 ? {} : { beside: rows }) }; // prettier-ignore
  const out = openSync(file, "w", 0o600);
  try {
    const list = Buffer.from(`${JSON.stringify(manifest)}\n`);
    writeAll(out, Buffer.from(`${MAGIC}${hash(list)}\n`));
    writeAll(out, list);
    eachBlock(copy, 0, BLOCK_BYTES, (block) => writeAll(out, block));
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
}

function append(copy: string, beside: readonly Beside[]): void {
  const out = openSync(copy, "a");
  try {
    for (const { bytes } of beside) writeAll(out, bytes);
  } finally {
    closeSync(out);
  }
}

/** Reads all of a backup; throws an Error that says where it is damaged. */
function verify(file: string): { readonly manifest: Manifest; readonly start: number } {
  const { manifest, start } = head(file);
  let number = 0;
  const found = statSync(file).size - start;
  const wanted = (manifest.beside ?? []).reduce((sum, { bytes }) => sum + bytes, manifest.bytes);
  if (found !== wanted) throw new Error(`expected ${wanted} bytes of recording in ${file}, got ${found}: it was cut or added to`);
  eachBlock(file, start, manifest.blockBytes, (block) => {
    if (hash(block) !== manifest.blocks[number])
      throw new Error(
        `${file} is damaged between byte ${start + number * manifest.blockBytes} and ${start + number * manifest.blockBytes + block.length}`,
      );
    number++;
  });
  return { manifest, start };
}

function head(file: string): { readonly manifest: Manifest; readonly start: number } {
  const size = statSync(file).size;
  const first = bytesOf(file, HEAD_BYTES).toString("latin1");
  if (!first.startsWith(MAGIC) && !first.startsWith(MAGIC_BEFORE))
    throw new Error(`expected a backup of Auscult, got another file or one that is damaged at its beginning: ${file}`);
  for (let length = BLOCK_BYTES; ; length *= 4) {
    const bytes = bytesOf(file, Math.min(length, size));
    const end = bytes.indexOf("\n", HEAD_BYTES) + 1;
    if (end > 0 && hash(bytes.subarray(HEAD_BYTES, end)) === first.slice(MAGIC.length, -1) && first.endsWith("\n"))
      return { manifest: JSON.parse(bytes.toString("utf8", HEAD_BYTES, end)) as Manifest, start: end };
    if (end > 0 || length >= Math.min(size, MANIFEST_BYTES_MAX))
      throw new Error(`${file} is damaged between byte 0 and ${end || bytes.length}: its list of blocks is not what was written`);
  }
}

function bytesOf(file: string, length: number, from = 0): Buffer {
  const input = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(length);
    let count = 0;
    for (let more = 1; more > 0 && count < length; count += more) more = readSync(input, bytes, count, length - count, from + count);
    return bytes.subarray(0, count);
  } finally {
    closeSync(input);
  }
}

function copyFrom(file: string, start: number, length: number, to: string): void {
  const out = openSync(to, "w", 0o600);
  let left = length;
  try {
    eachBlock(file, start, BLOCK_BYTES, (block) => {
      writeAll(out, block.subarray(0, left));
      left -= Math.min(left, block.length);
    });
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
}

function eachBlock(file: string, start: number, blockBytes: number, visit: (block: Uint8Array) => void): void {
  const input = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(blockBytes);
    for (let at = start; ;) {
      let length = 0;
      while (length < blockBytes) {
        const count = readSync(input, buffer, length, blockBytes - length, at + length);
        if (count === 0) break;
        length += count;
      }
      if (length === 0) return;
      visit(buffer.subarray(0, length));
      at += length;
    }
  } finally {
    closeSync(input);
  }
}

function writeAll(out: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(out, bytes, at, bytes.length - at);
}

function hash(block: Uint8Array): string {
  return createHash("sha256").update(block).digest("hex");
}
