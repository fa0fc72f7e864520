/**
 * Signatures that lie beside what was published (FILE.asc), held against the publishers' keys a site has put into `knowledge/keys` of its data
 * directory, by Debian's gpgv. Without a key or without gpgv nothing is checked, and that is said: no key is taken on trust.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

export interface Signatures {
  /** Throws an Error where it is not signed by one of the keys. */
  check(file: string): void;
  /** How many were held against the keys, and why the others were not; "" where none lay beside anything. */
  words(): string;
  close(): void;
}

const GPG_MS_MAX = 20_000;
const KEY = /\.(?:asc|gpg|pgp)$/;

/** `keys`: a folder of public keys, armored or not; null or absent: none. */
export function signaturesBy(keys: string | null): Signatures {
  const ring = keys === null ? null : ringOf(keys);
  let checked = 0;
  let beside = 0;
  return {
    check(file) {
      const signature = `${file}.asc`;
      if (!existsSync(signature)) return;
      beside++;
      if (ring === null || "missing" in ring) return;
      const { error, status, stderr } = spawnSync("gpgv", ["--keyring", ring.file, signature, file], {
        encoding: "utf8",
        timeout: GPG_MS_MAX,
      });
      if (error !== undefined || status !== 0) throw new Error(`expected a signature of a key in ${keys} in ${basename(signature)}, got ${reason(stderr)}`); // prettier-ignore
      checked++;
    },
    words() {
      if (beside === 0) return "";
      if (ring === null)
        return `${counted(beside)} not checked: there is no publisher's key in ${keys ?? "knowledge/keys of the data directory"}.`;
      return "missing" in ring
        ? `${counted(beside)} not checked: ${ring.missing}.`
        : `${counted(checked)} checked with the keys in ${keys}.`;
    },
    close: () => {
      if (ring !== null && "file" in ring) rmSync(ring.folder, { recursive: true });
    },
  };
}

function counted(count: number): string {
  return count === 1 ? "1 signature was" : `${count} signatures were`;
}

/** "BAD signature from …", "No public key". */
function reason(stderr: string): string {
  if (/BAD signature/.test(stderr)) return "one of another file";
  if (/No public key/.test(stderr)) return "one of a key that is not there";
  return "none that can be read";
}

/** All keys in one file as gpgv takes them. Null where there is none. */
function ringOf(keys: string): { readonly folder: string; readonly file: string } | { readonly missing: string } | null {
  const files = existsSync(keys) ? readdirSync(keys).filter((name) => KEY.test(name)) : [];
  if (files.length === 0) return null;
  if (spawnSync("gpgv", ["--version"], { timeout: GPG_MS_MAX }).status !== 0) return { missing: "gpgv is not there (Debian: gpgv)" };
  const folder = mkdtempSync(join(tmpdir(), "auscult-keys-"));
  const file = join(folder, "keys.gpg");
  writeFileSync(file, Buffer.concat(files.toSorted().map((name) => unarmored(readFileSync(join(keys, name))))), { mode: 0o600 });
  return { folder, file };
}

/** RFC 4880 section 6: base64 between an empty line and the checksum. */
function unarmored(key: Buffer): Buffer {
  const armored = /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\r\n]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\r?\n-----END/.exec(key.toString("latin1"));
  return armored === null ? key : Buffer.from(armored[1]!, "base64");
} // prettier-ignore
