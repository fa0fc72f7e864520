/** The header of a message, MSH: chapter 2, section 2.14.9. Its fields 3 to 6 name programs, and nothing in it names a patient. */
import { ascii, clean, utf8 } from "../../bytes/text.ts";
import { fieldsOf } from "./segments.ts";

export interface Separators {
  readonly separator: number;
  /** Component, repetition, escape, subcomponent, truncation. */
  readonly encoding: Uint8Array;
}

export interface Header extends Separators {
  /** Application and facility, as application@facility. */
  readonly from: string;
  readonly to: string;
  readonly code: string;
  readonly trigger: string;
  /** Number of the message; compared, never told. */
  readonly control: string;
  /** Version, character set, profiles. */
  readonly profiles: readonly string[];
  /** A component of this message as text. */
  text(bytes: Uint8Array): string;
}

/** `null` when it has no separators or ends before its message type. */
export function readHeader(segment: Uint8Array): Header | null {
  const separator = segment[SEPARATOR_OFFSET] ?? 0;
  const fields = fieldsOf(segment, separator);
  const encoding = fields[Field.encoding];
  if (encoding === undefined || encoding.length < 2 || fields.length <= Field.type) return null;

  const [component, repetition] = [encoding[0]!, encoding[1]!];
  const parts = (field: number) => fieldsOf(fields[field] ?? NOTHING, component);
  const characterSet = ascii(fieldsOf(fields[Field.characterSet] ?? NOTHING, repetition)[0]!);
  const decode = decodeOf(CHARACTER_SETS.get(characterSet) ?? UTF_8);
  const text = (bytes: Uint8Array) => clean(unescaped(decode(bytes.subarray(0, NAME_BYTES_MAX)), separator, encoding));
  const party = (application: number, facility: number) => [application, facility].map((field) => nameOf(parts(field), text)).join("@");
  const [code = "", trigger = ""] = parts(Field.type).map((part) => ascii(part));
  return {
    separator,
    encoding,
    from: withoutEmpty(party(Field.sendingApplication, Field.sendingFacility)),
    to: withoutEmpty(party(Field.receivingApplication, Field.receivingFacility)),
    code,
    trigger,
    control: ascii(fields[Field.control] ?? NOTHING, CONTROL_BYTES_MAX),
    profiles: [
      versionOf(parts(Field.version)[0]!),
      CHARACTER_SETS.has(characterSet) ? characterSet : "",
      ...fieldsOf(fields[Field.profile] ?? NOTHING, repetition)
        .slice(0, PROFILES_MAX)
        .map((profile) => profileOf(fieldsOf(profile, component))),
    ],
    text,
  };
}

/** The separator is the first field itself, so each stands one place before its number. */
const SEPARATOR_OFFSET = 3;
const Field = {
  encoding: 1,
  sendingApplication: 2,
  sendingFacility: 3,
  receivingApplication: 4,
  receivingFacility: 5,
  type: 8,
  control: 9,
  version: 11,
  characterSet: 17,
  profile: 20,
} as const;
/** A program seldom follows more than two. */
const PROFILES_MAX = 4;
/** Section 2.A.33: what an application's name may be long, without its universal identifier. */
const NAME_BYTES_MAX = 64;
/** Of version 2.7 on; 20 before. */
const CONTROL_BYTES_MAX = 199;
const NOTHING = new Uint8Array(0);

/** Table 0211, and what readers outside HL7 call it. What is not here is read as UTF-8, which ASCII is part of. */
const CHARACTER_SETS: ReadonlyMap<string, string> = new Map([
  ["ASCII", "utf-8"],
  ["8859/1", "iso-8859-1"],
  ["8859/2", "iso-8859-2"],
  ["8859/3", "iso-8859-3"],
  ["8859/4", "iso-8859-4"],
  ["8859/5", "iso-8859-5"],
  ["8859/6", "iso-8859-6"],
  ["8859/7", "iso-8859-7"],
  ["8859/8", "iso-8859-8"],
  ["8859/9", "iso-8859-9"],
  ["8859/15", "iso-8859-15"],
  ["GB 18030-2000", "gb18030"],
  ["KS X 1001", "euc-kr"],
  ["BIG-5", "big5"],
  ["ISO IR87", "iso-2022-jp"],
  ["UNICODE UTF-8", "utf-8"],
]);

type Decode = (bytes: Uint8Array) => string;
const UTF_8 = "utf-8";
/** Made once each: every message says its character set, and a decoder takes longer to make than a header to read. */
const decodes = new Map<string, Decode>([[UTF_8, utf8]]);

function decodeOf(encoding: string): Decode {
  let decode = decodes.get(encoding);
  if (decode === undefined) {
    const decoder = new TextDecoder(encoding);
    decode = (bytes) => decoder.decode(bytes);
    decodes.set(encoding, decode);
  }
  return decode;
}

/** Section 2.A.33, HD: a name, or where there is none a universal identifier. One with an address in it names a person to ask. */
function nameOf(parts: readonly Uint8Array[], text: Decode): string {
  const [first, identifier] = parts.map(text);
  const name = first === undefined || first === "" ? (identifier ?? "") : first;
  return name.includes("@") ? "" : name;
}

/** Section 2.7: separators within text are escaped by letter; other escapes are for printing. */
function unescaped(text: string, separator: number, [component, repetition, escape, subcomponent]: Uint8Array): string {
  if (escape === undefined) return text;
  const parts = text.split(String.fromCharCode(escape));
  if (parts.length === 1) return text;
  const marks = [separator, component, repetition, escape, subcomponent];
  // Text and escapes take turns; one that nobody ended stays text.
  return parts.map((part, i) => (i % 2 === 0 || i === parts.length - 1 ? part : mark(marks[ESCAPES.indexOf(part)]))).join("");
}
/** Field, component, repetition, the escape itself, subcomponent. */
const ESCAPES = ["F", "S", "R", "E", "T"];

function mark(byte: number | undefined): string {
  return byte === undefined ? "" : String.fromCharCode(byte);
}

function withoutEmpty(party: string): string {
  return party.replace(/@$/, "");
}

/** Section 2.14.9.12: 2, 2.1 to 2.9, some with a third number. */
function versionOf(bytes: Uint8Array): string {
  const version = ascii(bytes);
  return /^2(?:\.\d){0,2}$/.test(version) ? `HL7 ${version}` : "";
}

/** Section 2.A.28, EI: an identifier, a namespace, a universal identifier. */
function profileOf(parts: readonly Uint8Array[]): string {
  const [name = "", , identifier = ""] = parts.map((part) => ascii(part));
  const profile = name === "" ? identifier : name;
  return PROFILE.test(profile) ? profile : "";
}
const PROFILE = /^[A-Za-z0-9][\w.-]{1,63}$/;
