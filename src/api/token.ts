/**
 * The token in the printed address: who holds it may look and change, and every change is written with its name. It is
 * `name-secret`; the secret is 128 bits, so it is not guessed, and it is compared without telling by time how much was right.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const SECRET_BYTES = 16;

export function newToken(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "");
  return `${plain === "" ? "operator" : plain}-${randomBytes(SECRET_BYTES).toString("hex")}`;
}

/** Whose token it is, as written beside each change. */
export function nameOf(token: string): string {
  const end = token.lastIndexOf("-");
  return end > 0 ? token.slice(0, end) : "operator";
}

export function sameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
