/**
 * The front of a data set: what made this object, PS3.3 section C.7.5.1 (general equipment).
 *
 * Elements stand in rising order. Group 0008 holds modality, maker, station and model among descriptions and names of staff; group
 * 0010 is the patient; group 0018 has serial and software. Of 0010 it is only noticed that it says something.
 */
import { Reader } from "../../bytes/reader.ts";
import { ascii, utf8 } from "../../bytes/text.ts";
import type { Attribute } from "../../model/observation.ts";
import type { Address, Child, Context, Report } from "../../model/protocol.ts";
import type { DataSet, Memory, Syntax } from "./memory.ts";

export function readDataSet(
  bytes: Uint8Array,
  agreed: Syntax,
  { isObject }: DataSet,
  report: Report,
  { sender, memory }: Context<Memory>,
): { readonly holdsPatient: boolean } {
  const elements = new Elements(bytes, agreed === "unknown" ? guess(bytes) : agreed);
  const said = new Map<Attribute, string>();
  let holdsPatient = false;
  for (let i = 0; i < ELEMENTS_MAX && elements.next(); i++) {
    if (elements.tag > LAST_TAG) break;
    if (elements.length === 0) continue;
    if (PATIENT_TAGS.has(elements.tag)) holdsPatient = true;
    const attribute = EQUIPMENT[elements.tag];
    // An element that comes again is damage: the first counts.
    if (attribute === undefined || said.has(attribute)) elements.skip();
    else said.set(attribute, cleaned(attribute, elements.value()));
  }
  if (isObject) tell(said, report, sender, memory);
  return { holdsPatient };
}

/**
 * A router or an archive passes on what others made, so what an image says of its maker is said of the sender only when the sender
 * asks under the very name of that station. Otherwise it is of a machine behind the sender, known by its serial; without a serial
 * there is nobody to say it of.
 */
function tell(said: ReadonlyMap<Attribute, string>, report: Report, sender: Address, memory: Memory): void {
  const station = said.get("stationName") ?? "";
  const serial = said.get("serial") ?? "";
  const isOwn = station !== "" && station.toLowerCase() === memory.calling.toLowerCase();
  const about: Address | Child | null = isOwn ? sender : serial === "" ? null : { gateway: sender, serial };
  report.observe(sender, "speaksFor", serial);
  report.observe(sender, "imagesOf", said.get("model") ?? "");
  if (about !== null) for (const [attribute, value] of said) report.observe(about, attribute, value);
}

/** Nothing that names a machine comes later. */
const LAST_TAG = 0x0018_1030;
/** A real image has some fifty before that. */
const ELEMENTS_MAX = 512;
/** Sequences within sequences: nobody goes deeper before the image. */
const DEPTH_MAX = 8;

/** Tags as group and element. */
const EQUIPMENT: Readonly<Record<number, Attribute>> = {
  0x0008_0060: "modality",
  0x0008_0070: "maker",
  0x0008_1010: "stationName",
  0x0008_1090: "model",
  0x0018_1000: "serial",
  0x0018_1009: "udi",
  0x0018_1020: "software",
};
/** Name, number, birth date, sex: PS3.3 section C.7.1.1. */
const PATIENT_TAGS = new Set([0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_0040]);

const ITEM = 0xfffe_e000;
const ITEM_END = 0xfffe_e00d;
const SEQUENCE_END = 0xfffe_e0dd;
const UNDEFINED_LENGTH = 0xffff_ffff;
/** PS3.5 section 7.1.2: these have two reserved bytes and a length of four. */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** Walks the elements of the outermost level; whatever is nested is passed over. */
class Elements {
  tag = 0;
  length = 0;
  readonly #reader: Reader;
  readonly #syntax: Syntax;
  #isNested = false;

  constructor(bytes: Uint8Array, syntax: Syntax) {
    this.#reader = new Reader(bytes);
    this.#syntax = syntax;
  }

  /** Reads the head of the next element; false at the end, or where the fragment ends within a head. */
  next(): boolean {
    if (this.#syntax === "unknown" || this.#reader.remaining < 8) return false;
    this.tag = this.#u16() * 0x1_0000 + this.#u16();
    this.#isNested = false;
    if (this.#syntax === "implicit" || this.tag >= ITEM) {
      this.length = this.#u32();
    } else {
      const representation = ascii(this.#reader.take(2));
      if (LONG.has(representation)) this.#reader.skip(2);
      this.length = LONG.has(representation) ? this.#u32() : this.#u16();
    }
    this.#isNested = this.length === UNDEFINED_LENGTH;
    return !this.#reader.overrun;
  }

  value(): Uint8Array {
    const value = this.#isNested ? this.#reader.take(0) : this.#reader.take(this.length);
    if (this.#isNested) this.skip();
    // A value cut short is not said.
    return this.#reader.overrun ? value.subarray(0, 0) : value;
  }

  /** Passes over the value. One of undefined length ends where all items and sequences in it have ended: PS3.5 section 7.5. */
  skip(): void {
    if (!this.#isNested) return this.#reader.skip(this.length);
    let depth = 1;
    while (depth > 0 && depth <= DEPTH_MAX && this.next()) {
      if (this.tag === SEQUENCE_END || this.tag === ITEM_END) depth--;
      else if (this.length === UNDEFINED_LENGTH) depth++;
      // An item of known length may be passed over whole.
      else this.#reader.skip(this.length);
    }
    if (depth > 0) this.#reader.skip(this.#reader.remaining + 1);
  }

  #u16(): number {
    return this.#syntax === "bigEndian" ? this.#reader.u16() : this.#reader.u16le();
  }

  #u32(): number {
    return this.#syntax === "bigEndian" ? this.#reader.u32() : this.#reader.u32le();
  }
}

/** Where the agreement was not heard: the first tag says the order, and two capitals after it that types are written out. */
function guess(bytes: Uint8Array): Syntax {
  const first = new Reader(bytes);
  const group = first.u16le();
  first.skip(2);
  const representation = ascii(first.take(2));
  const isExplicit = /^[A-Z]{2}$/.test(representation);
  if (group === 0x0008 || group === 0x0010) return isExplicit ? "explicit" : "implicit";
  return isExplicit && (group === 0x0800 || group === 0x1000) ? "bigEndian" : "unknown";
}

/** Several software versions come with a backslash between them; the texts may be in UTF-8. */
function cleaned(attribute: Attribute, value: Uint8Array): string {
  return attribute === "modality" ? modality(value) : utf8(value).replaceAll("\\", ", ");
}

/** PS3.3 section C.7.3.1.1.1: a short code of capitals; presentation states, reports and the like are made by software. */
function modality(value: Uint8Array): string {
  const code = ascii(value);
  return /^[A-Z]{2,16}$/.test(code) && !NOT_MACHINES.has(code) ? code : "";
}

const NOT_MACHINES = new Set(["OT", "SR", "KO", "PR", "SEG", "REG", "FID", "DOC", "RWV"]);
