/**
 * Programs of infusion pumps: what is asked of one (RGV^O15, IHE PCD-03), and what one says it is set to (PCD-01, PCD-10).
 *
 * An order is an ORC, then for each step an RXG with its drug, rate and volume, its route, and rows (OBX) that name the pump and what the
 * arithmetic needs: weight, surface, rate of a bolus. All of it goes to the one place that compares (`report.program`) and nowhere else.
 */
import { ascii } from "../../bytes/text.ts";
import { deviceCode } from "../../knowledge/mdc.ts";
import type { OrderKind, Program, Quantity, UnitText } from "../../model/program.ts";
import type { Address, Child, Report } from "../../model/protocol.ts";
import type { Rows } from "./devices.ts";
import type { Header } from "./header.ts";
import { fieldsOf, type Segment } from "./segments.ts";

type Draft = { -readonly [Key in keyof Program]: Program[Key] };

/** What the segments so far say of the step at hand. */
export interface Programs {
  change: Program["change"];
  order: string;
  /** Of an order once its RXG came; of a report once a row of it came. */
  draft: Draft | null;
  serial: string;
  /** Of a report: what the pump tells of a hand on it. */
  event: "" | "begins" | "other";
  /** Whose orders the message holds; beyond the first ones nobody is told that his was answered. */
  readonly pumps: Child[];
}
const PUMPS_MAX = 64;

export const noPrograms = (): Programs => ({ change: "new", order: "", draft: null, serial: "", event: "", pumps: [] });

// Chapter 4, 4A (RXG, RXR, TQ1) and 7 (OBX), by number.
const Order = { control: 1, placer: 2, parent: 8 } as const;
const Give = {
  code: 4,
  volume: 5,
  volumeUnit: 7,
  rate: 15,
  rateUnit: 16,
  amount: 17,
  amountUnit: 18,
  diluent: 23,
  diluentUnit: 24,
} as const;
const DURATION = 6;
const ROUTE = 1;
const Row = { code: 3, place: 4, value: 5, unit: 6, equipment: 18 } as const;

/** IEEE 11073-10101, as IHE PCD TF-2 prints them. */
const Code = { weight: 68_063, surface: 188_744, rate: 157_784, volume: 157_884, drug: 184_514, event: 68_487 } as const;
/** PCD-10: delivery starts; and what tells that somebody put a hand on the pump. */
const BEGINS = /DELIV_START/;
const TOUCHED = /DELIV_(?:STOP|COMP)|PROG_CLEARED|PATIENT_(?:PARAMETER_)?CHANGE/;
/** A private row of IHE's: its text names the kind. */
const ORDER_TYPE = "MDCX_INFUSION_ORDER_TYPE";
const NOTHING = new Uint8Array(0);
const TEXT_BYTES_MAX = 64;
/** As nearly all messages have it: where another is used, a unit is not known and refused. */
const SUBCOMPONENT = "&";

/** A segment of an order. */
export function readOrder({ name, bytes }: Segment, header: Header, it: Programs, receiver: Address, report: Report): void {
  const fields = fieldsOf(bytes, header.separator);
  switch (name) {
    case "ORC": {
      tellOrder(it, receiver, report);
      const control = text(fields[Order.control]);
      it.change = control === "XO" ? "titration" : control === "CH" ? "bolus" : "new";
      it.order = first(fields[it.change === "new" ? Order.placer : fields[Order.parent]?.length ? Order.parent : Order.placer], header);
      return;
    }
    case "RXG":
      tellOrder(it, receiver, report);
      it.draft = {
        ...empty("order", it.change),
        order: it.order,
        kind: it.change === "bolus" ? "bolus" : "continuous",
        drug: first(fields[Give.code], header),
        volume: quantity(fields, Give.volume, Give.volumeUnit, header),
        rate: quantity(fields, Give.rate, Give.rateUnit, header),
        amount: quantity(fields, Give.amount, Give.amountUnit, header),
        diluent: quantity(fields, Give.diluent, Give.diluentUnit, header),
      };
      return;
    case "TQ1":
      if (it.draft !== null) it.draft.duration = together(fields[DURATION], header);
      return;
    case "RXR":
      // Table 0162.
      if (it.draft !== null && first(fields[ROUTE], header) === "EP") it.draft.kind = "epidural";
      return;
    case "OBX":
      if (it.draft !== null) readRowOfOrder(fields, header, it, it.draft);
  }
}

function readRowOfOrder(fields: readonly Uint8Array[], header: Header, it: Programs, draft: Draft): void {
  const [number = "", reference = ""] = parts(fields[Row.code], header);
  // The lowest part stands first, the whole device last.
  const equipment = parts(fieldsOf(fields[Row.equipment] ?? NOTHING, header.encoding[1]!).at(-1), header);
  const family = deviceCode(Number(number) || 0);
  if (family !== "" && equipment.length > 0) {
    it.serial = equipment.find((part, place) => place !== 1 && !/^0*$/.test(part)) ?? "";
    draft.family = family;
  }
  if (reference === ORDER_TYPE) draft.kind = kindOf(first(fields[Row.value], header), draft.kind);
  switch (Number(number)) {
    case Code.weight: draft.weight = quantity(fields, Row.value, Row.unit, header); break;
    case Code.surface: draft.surface = quantity(fields, Row.value, Row.unit, header); break;
    // The rate of a bolus stands here, and not in the RXG.
    case Code.rate: draft.rate = quantity(fields, Row.value, Row.unit, header);
  } // prettier-ignore
}

/** The order is whole: the next begins, or the message ends. */
export function tellOrder(it: Programs, receiver: Address, report: Report): void {
  const { draft, serial } = it;
  it.draft = null;
  it.serial = "";
  if (draft === null || serial === "") return;
  const pump: Child = { gateway: receiver, serial };
  if (it.pumps.length < PUMPS_MAX) it.pumps.push(pump);
  report.observe(pump, "programming", "orders");
  report.program({ ...draft, pump });
}

/** A row of a report, after `readRow` found whose it is. */
export function readReport({ name, bytes }: Segment, header: Header, it: Programs, rows: Rows, sender: Address, report: Report): void {
  if (name === "OBR" || name === "PID") return tellReport(it, sender, report);
  if (name !== "OBX") return;
  const fields = fieldsOf(bytes, header.separator);
  const [number = "", , system = ""] = parts(fields[Row.code], header);
  if (system !== "MDC") return;
  if (rows.about !== null && rows.about.serial !== it.serial) {
    tellReport(it, sender, report);
    it.serial = rows.about.serial;
  }
  const draft = (it.draft ??= empty("report", "new"));
  if (rows.code !== "") draft.family = rows.code;
  switch (Number(number)) {
    case Code.rate: draft.rate = quantity(fields, Row.value, Row.unit, header); break;
    case Code.volume: draft.volume = quantity(fields, Row.value, Row.unit, header); break;
    case Code.event: {
      const event = parts(fields[Row.value], header).join(" ");
      it.event = BEGINS.test(event) ? "begins" : TOUCHED.test(event) ? "other" : it.event;
    }
  } // prettier-ignore
}

/** What a pump says is whole. What happened on it goes before what it is set to since. */
export function tellReport(it: Programs, sender: Address, report: Report): void {
  const { draft, serial, event } = it;
  it.draft = null;
  it.serial = it.event = "";
  if (draft === null || serial === "" || (draft.rate === null && event === "")) return;
  const pump: Child = { gateway: sender, serial };
  report.observe(pump, "programming", "reports");
  if (event !== "") report.touched(serial, event === "begins");
  if (draft.rate !== null) report.program({ ...draft, pump });
}

function empty(said: Program["said"], change: Program["change"]): Draft {
  return {
    said, change, pump: { gateway: {}, serial: "" }, family: "", drug: "", kind: "continuous", order: "", rate: null, volume: null,
    amount: null, diluent: null, duration: null, weight: null, surface: null,
  }; // prettier-ignore
}

function kindOf(value: string, otherwise: OrderKind): OrderKind {
  if (/loading|clinician|bolus/i.test(value)) return "bolus";
  return /pca|patient/i.test(value) ? "pca" : otherwise;
}

/** A number in one field, its unit in another: code, text and system, then the same in a second system. */
function quantity(fields: readonly Uint8Array[], value: number, unit: number, header: Header): Quantity | null {
  const written = text(fields[value]);
  return written === "" ? null : { value: written, units: units(parts(fields[unit], header)) };
}

/** Both in one: section 2.A.20, CQ. */
function together(field: Uint8Array | undefined, header: Header): Quantity | null {
  const [value = "", unit = ""] = parts(field, header);
  if (value === "") return null;
  return { value, units: units(unit.split(SUBCOMPONENT)) };
}

function units([code = "", name = "", system = "", otherCode = "", , otherSystem = ""]: readonly string[]): UnitText[] {
  const named: UnitText[] = [
    { text: code, system },
    { text: otherCode, system: otherSystem },
  ];
  // A code that is itself words is what people read; beside a number their words are its name and say the same.
  return named.every((it) => it.text === "") ? [{ text: name, system: "" }] : named.filter((it) => it.text !== "");
}

function parts(field: Uint8Array | undefined, header: Header): string[] {
  return fieldsOf(field ?? NOTHING, header.encoding[0]!).map((part) => header.text(part));
}

function first(field: Uint8Array | undefined, header: Header): string {
  return parts(field, header)[0] ?? "";
}

function text(field: Uint8Array | undefined): string {
  return ascii(field ?? NOTHING, TEXT_BYTES_MAX);
}
