/** A list's bytes as text. Spreadsheets write UTF-8 with and without a mark, UTF-16, and what Windows calls ANSI. */

export interface Decoded {
  readonly text: string;
  readonly encoding: string;
}

export function decoded(bytes: Uint8Array): Decoded {
  const { text, encoding } = read(bytes);
  return TAKEN_FOR_LATIN.test(text)
    ? { text: unmixed(text), encoding: `${encoding}, after UTF-8 was taken for Windows-1252` }
    : { text, encoding };
}

function read(bytes: Uint8Array): Decoded {
  for (const [encoding, label, mark] of MARKS)
    if (mark.every((byte, at) => bytes[at] === byte)) return { text: new TextDecoder(label).decode(bytes), encoding };
  const wide = wideWithoutMark(bytes);
  if (wide !== null) return { text: new TextDecoder(wide).decode(bytes), encoding: "UTF-16" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "UTF-8" };
  } catch {
    // No text in Windows-1252 beyond ASCII is valid UTF-8 but by a rare accident, so what is not UTF-8 is that.
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252" };
  }
}

const MARKS = [
  ["UTF-8", "utf-8", [0xef, 0xbb, 0xbf]],
  ["UTF-16", "utf-16le", [0xff, 0xfe]],
  ["UTF-16", "utf-16be", [0xfe, 0xff]],
] as const;

/** Titles are mostly Latin: then every second byte is zero. */
const LOOKED_AT = 512;

function wideWithoutMark(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const length = Math.min(bytes.length, LOOKED_AT);
  const zeros = [0, 0] as [number, number];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at % 2 === 0 ? 0 : 1]++;
  if (zeros[1] > length / 4) return "utf-16le";
  return zeros[0] > length / 4 ? "utf-16be" : null;
}

/** The mark of our own tables, as a program shows it that takes UTF-8 for Windows-1252: then it wrote all the rest so as well. */
const TAKEN_FOR_LATIN = /^"?ï»¿/;
const LATIN = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
/** Five bytes are no letter in Windows-1252; LibreOffice keeps them here. */
const KEPT = 0xf100;

/** A first byte says how many follow: RFC 3629 section 3. */
const CONTINUED = `[${LATIN.slice(0x80, 0xc0)}\\uf181\\uf18d\\uf18f\\uf190\\uf19d]`;
const MIXED = new RegExp(`[\\u00c2-\\u00df]${CONTINUED}|[\\u00e0-\\u00ef]${CONTINUED}{2}|[\\u00f0-\\u00f4]${CONTINUED}{3}`, "gu");

/** Letter by letter: what was typed after that stands as it is. */
function unmixed(text: string): string {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  return text.replace(MIXED, (letters) => {
    try {
      return utf8.decode(Uint8Array.from(Array.from(letters, byteOf)));
    } catch {
      return letters;
    }
  });
}

function byteOf(letter: string): number {
  const code = letter.charCodeAt(0);
  return code >= KEPT && code <= KEPT + 0xff ? code - KEPT : LATIN.indexOf(letter);
}
