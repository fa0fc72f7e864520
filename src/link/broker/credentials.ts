/** With what a sensor, a core or whoever sets up proves who it is: a file of its own, made by `auscult broker configure`, for its owner alone. */
import { readFileSync, statSync } from "node:fs";
import { inWords } from "../refusals.ts";

export const CREDENTIALS_FORM = "auscult.credentials/1";
export const CREDENTIAL_ROLES = ["sensor", "core", "setup"] as const;

export interface Credentials {
  readonly form: typeof CREDENTIALS_FORM;
  readonly role: (typeof CREDENTIAL_ROLES)[number];
  /** Of a sensor and of a core. */
  readonly site?: string;
  /** Of a sensor. */
  readonly name?: string;
  /** An nkey's seed (SU…): the broker knows the public half alone. */
  readonly seed: string;
  /** Of a sensor: 32 bytes in hex, the same for all of a site, for hashes that are compared and never printed. */
  readonly hashKey?: string;
  /** PEM of whoever signed the broker's certificate; absent: whom this machine trusts. */
  readonly ca?: string;
}

const SEED = /^SU[A-Z2-7]{56}$/;
const HASH_KEY = /^[0-9a-f]{64}$/;

/** Throws an Error for people. `role`: whose they must be. */
export function readCredentials(file: string, role: Credentials["role"]): Credentials {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
    // Root may be given a file of another; nobody else's eyes may be on it.
    if ((statSync(file).mode & 0o077) !== 0)
      throw new Error(`${file}: expected credentials that only their owner may read: chmod 600 ${file}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new Error(`${file}: expected credentials that can be read, got ${inWords(error)}`, { cause: error });
  }
  const value = fieldsOf(text, file);
  const { form, role: whose, site, name, seed, hashKey, ca } = value;
  if (form !== CREDENTIALS_FORM)
    throw new Error(`${file}: expected credentials of the form ${CREDENTIALS_FORM}, as auscult broker configure writes them`);
  if (whose !== role) throw new Error(`${file}: expected credentials of a ${role}, got those of a ${oneWord(whose)}`);
  if (typeof seed !== "string" || !SEED.test(seed)) throw new Error(`${file}: expected a seed that begins with SU`);
  for (const [field, it] of Object.entries({ site, name, ca }))
    if (it !== undefined && (typeof it !== "string" || it === "")) throw new Error(`${file}: expected ${field} as text`);
  if (hashKey !== undefined && !(typeof hashKey === "string" && HASH_KEY.test(hashKey)))
    throw new Error(`${file}: expected hashKey as 64 hexadecimal digits`);
  return value as unknown as Credentials;
}

function fieldsOf(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(`${file}: expected credentials as auscult broker configure writes them, got something else`);
}

function oneWord(value: unknown): string {
  return typeof value === "string" && (CREDENTIAL_ROLES as readonly string[]).includes(value) ? value : "stranger";
}
