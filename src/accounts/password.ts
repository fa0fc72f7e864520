/**
 * Passwords: kept as Argon2id (RFC 9106) in the PHC string format, so that each says what it was made with and those of tomorrow may
 * cost more. Node has it built in.
 */
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from "node:crypto";
import { promisify } from "node:util";

/** OWASP's Password Storage Cheat Sheet, first choice for Argon2id: 19 MiB, two passes, one lane; about 0.1 s of one core here. */
const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** NIST SP 800-63B-4, section 3.1.1.2: at least 15 where it is all that is asked for, at least 64 allowed, no rules of composition. */
const LENGTH_MIN = 15;
export const PASSWORD_LENGTH_MAX = 256;
/** What repeats itself is long and no secret. */
const DIFFERENT_MIN = 6;

const derive = promisify(argon2);
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** What is wrong with a new password, in words that never repeat it; null when it will do. */
export function passwordTrouble(password: string, name: string): string | null {
  const length = Array.from(password).length;
  if (length < LENGTH_MIN)
    return `expected a password of at least ${LENGTH_MIN} characters (some words in a row are easy to keep in mind), got ${length}`;
  if (length > PASSWORD_LENGTH_MAX) return `expected a password of at most ${PASSWORD_LENGTH_MAX} characters, got ${length}`;
  if (new Set(password).size < DIFFERENT_MIN) return `expected a password of at least ${DIFFERENT_MIN} different characters`;
  if (password.toLowerCase().includes(name)) return "expected a password that does not contain the account's name";
  return null;
}

export async function hashed(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const tag = await derive("argon2id", {
    message: bytesOf(password),
    nonce,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: TAG_BYTES,
  });
  return phc(nonce, tag);
}

/** As costly to compare with as anybody's, and no password's. */
export function nobodysPassword(): string {
  return phc(randomBytes(SALT_BYTES), randomBytes(TAG_BYTES));
}

export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, memory, passes, lanes, salt = "", tag = ""] = PHC.exec(kept) ?? [];
  if (tag === "") throw new Error("expected a password kept as Argon2id, got another form: set it anew with auscult account password");
  const expected = Buffer.from(tag, "base64");
  const parameters: Argon2Parameters = {
    message: bytesOf(password),
    nonce: Buffer.from(salt, "base64"),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: expected.length,
  };
  return timingSafeEqual(await derive("argon2id", parameters), expected);
}

/** The same password typed on another keyboard is the same bytes (SP 800-63B-4: NFKC or NFKD). */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize("NFKC"));
}

function phc(salt: Uint8Array, tag: Uint8Array): string {
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`;
}

/** Without padding, as the PHC format has it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
