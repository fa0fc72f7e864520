/**
 * The device behind a result: IHE Patient Care Device technical framework, volume 2 (PCD-01, 04 and 10), and IHE laboratory analytical
 * workflow (LAB-29).
 *
 * Rows of a device say by their code what it is or what it measures, and by their place in it (OBX-4) which part of it they are of; the row
 * of the whole device carries its identifier (OBX-18, from version 2.7 on a PRT behind it). All of that is the device's, never the
 * sender's, which may be a gateway or an engine that speaks for many. Values are read of rows about the device itself only.
 */
import { ascii } from "../../bytes/text.ts";
import { deviceCode, doing } from "../../knowledge/mdc.ts";
import type { Attribute } from "../../model/observation.ts";
import type { Address, Child, Report } from "../../model/protocol.ts";
import type { Header } from "./header.ts";
import { fieldsOf, type Segment } from "./segments.ts";

/** What the rows so far left open. */
export interface Rows {
  about: Child | null;
  /** The whole device the latest row is of: the first number of its place. */
  device: string;
  /** What a device is whose identifier has not come yet. */
  code: string;
  place: string;
  /** What the latest row says is infused or measured; "" once it was told, and where it says nothing of either. */
  doing: string;
}

export const noRows = (): Rows => ({ about: null, device: "", code: "", place: "", doing: "" });

/** Chapter 7, and chapter 3 for the visit. */
const Row = { value: 5, code: 3, place: 4, equipment: 18 } as const;
const Participation = { place: 9, device: 10, udi: 16, serial: 20 } as const;
const VISIT_PLACE = 3;

/** Attributes of a device among the measured: model, firmware, library of drugs with its name and version. */
const ATTRIBUTES: ReadonlyMap<number, readonly [Attribute, string]> = new Map([
  [67_880, ["model", ""]],
  [531_976, ["software", ""]],
  [184_517, ["description", "drug library "]],
  [184_520, ["description", "drug library "]],
]);
/** Table 0301: kinds of universal identifiers. In the place of one, older pump orders have the maker. */
const IDENTIFIERS = new Set("CLIA CLIP DNS EUI-64 GUID HCD HL7 ISO L M N Random URI URL URN UUID x400 x500".split(" "));

export function readRow({ name, bytes }: Segment, header: Header, rows: Rows, sender: Address, report: Report): void {
  switch (name) {
    case "PID":
      Object.assign(rows, noRows());
      return;
    case "PV1":
      rows.place = placeOf(fieldsOf(bytes, header.separator)[VISIT_PLACE], header);
      return;
    case "OBR":
      Object.assign(rows, noRows(), { place: rows.place });
      return;
    case "OBX":
      return readObservation(fieldsOf(bytes, header.separator), header, rows, sender, report);
    case "PRT":
      return readParticipation(fieldsOf(bytes, header.separator), header, rows, sender, report);
  }
}

function readObservation(fields: readonly Uint8Array[], header: Header, rows: Rows, sender: Address, report: Report): void {
  const [number = "", , system = ""] = parts(fields[Row.code], header).map((part) => ascii(part));
  const equipment = fieldsOf(fields[Row.equipment] ?? NOTHING, header.encoding[1]!);
  if (system !== "MDC") {
    if (header.profiles.includes(LAB_RESULTS)) readAnalyzer(equipment, header, sender, report);
    return;
  }
  const code = /^\d{1,8}$/.test(number) ? Number(number) : 0;
  rows.doing = doing(code);
  const place = ascii(fields[Row.place] ?? NOTHING);
  const [device = ""] = place.split(".", 1);
  const isWhole = WHOLE.test(place) && deviceCode(code) !== "";
  if (isWhole || device !== rows.device) {
    rows.about = null;
    rows.code = isWhole ? deviceCode(code) : "";
    rows.device = device;
  }
  // The lowest part stands first, the whole device last.
  if (rows.about === null) identify(equipment.at(-1)!, "", header, rows, sender, report);
  if (code === INACTIVATION && PAUSED.test(ascii(parts(fields[Row.value], header)[0]!)))
    report.notable("alarmPaused", rows.about?.serial ?? rows.place);
  if (rows.about === null) return;
  report.observe(rows.about, "capability", rows.doing);
  const attribute = ATTRIBUTES.get(code);
  const value = attribute === undefined ? "" : header.text(parts(fields[Row.value], header)[0]!);
  if (value !== "") report.observe(rows.about, attribute![0], attribute![1] + value);
}
/** PCD-04, MDC_ATTR_ALARM_INACTIVATION_STATE: an alarm that sounds no more, for some minutes or for good. */
const INACTIVATION = 68_483;
const PAUSED = /^(?:audio|alarm)-(?:paused|off)$/;
/** A system without module, channel and metric. */
const WHOLE = /^\d{1,4}(?:\.0){2,3}$/;

/** From version 2.7 on it says of the row before it whose it is. */
function readParticipation(fields: readonly Uint8Array[], header: Header, rows: Rows, sender: Address, report: Report): void {
  const serial = ascii(fields[Participation.serial] ?? NOTHING);
  if (rows.about === null) identify(fields[Participation.device] ?? NOTHING, serial, header, rows, sender, report);
  if (rows.about === null) return;
  report.observe(rows.about, "udi", ascii(parts(fields[Participation.udi], header)[0]!));
  report.observe(rows.about, "location", placeOf(fields[Participation.place], header));
}

/** Section 2.A.28, EI: an identifier, a namespace, a universal identifier, its kind; older orders leave the first out. */
function identify(equipment: Uint8Array, serial: string, header: Header, rows: Rows, sender: Address, report: Report): void {
  const [id = "", , universal = "", kind = ""] = parts(equipment, header).map((part) => ascii(part, ID_BYTES_MAX));
  const number = serial || id || universal;
  if (/^0*$/.test(number)) return;
  rows.about = { gateway: sender, serial: number };
  report.observe(rows.about, "serial", number);
  report.observe(sender, "speaksFor", number);
  if (kind === "EUI-64" && /^[0-9a-f]{16}$/i.test(universal)) report.observe(rows.about, "uuid", universal.toLowerCase());
  if (id === "" && kind !== "" && !IDENTIFIERS.has(kind)) report.observe(rows.about, "maker", kind);
  report.observe(rows.about, "deviceCode", rows.code);
  report.observe(rows.about, "location", rows.place);
}
/** Of an identifier and of a maker's name. */
const ID_BYTES_MAX = 64;

/** IHE PaLM TF-2b, section 3.29: model and maker, then serial number and maker; modules may follow. */
function readAnalyzer(equipment: readonly Uint8Array[], header: Header, sender: Address, report: Report): void {
  const [model, serial] = equipment.map((it) => parts(it, header).map((part) => header.text(part)));
  if (serial === undefined || /^0*$/.test(serial[0]!)) return;
  const about: Child = { gateway: sender, serial: serial[0]! };
  report.observe(sender, "speaksFor", serial[0]!);
  report.observe(about, "serial", serial[0]!);
  report.observe(about, "model", model![0]!);
  report.observe(about, "maker", model![1] ?? "");
}
const LAB_RESULTS = "LAB-29";

/** Section 2.A.53, PL: point of care, room, bed, facility. */
function placeOf(field: Uint8Array | undefined, header: Header): string {
  const [point = "", room = "", bed = "", facility = ""] = parts(field, header).map((part) => header.text(part));
  return [facility, point, room, bed].filter((it) => it !== "" && it !== '""').join(" / ");
}

function parts(field: Uint8Array | undefined, { encoding }: Header): Uint8Array[] {
  return fieldsOf(field ?? NOTHING, encoding[0]!);
}
const NOTHING = new Uint8Array(0);
