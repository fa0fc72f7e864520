/** Addresses as each maker writes them, in our own spelling; anything else is null. */
import { ipWords } from "../bytes/address.ts";

/** `00:09:fb:12:34:56`, `0009.fb12.3456`, `0009fb-123456`, `00-09-FB-…`, `0:9:fb:…` as BSD has it, or nothing between. */
export function macOf(text: string): string | null {
  const parts = text.toLowerCase().split(/[:-]/);
  const digits = parts.length === 6 ? parts.map((part) => part.padStart(2, "0")).join("") : text.toLowerCase().replace(/[.:-]/g, "");
  return /^[0-9a-f]{12}$/.test(digits) && !NOBODY.has(digits) ? digits.replace(/..(?!$)/g, "$&:") : null;
}
/** What stands where no card is known. */
const NOBODY: ReadonlySet<string> = new Set(["000000000000", "ffffffffffff"]);

export function ipOf(text: string): string | null {
  const plain = text.trim().toLowerCase();
  return ipWords(plain) !== null && plain !== "0.0.0.0" && plain !== "::" ? plain : null;
}
