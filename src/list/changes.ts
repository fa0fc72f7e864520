/** What a row would say of its device: cell by cell, from what to what. */
import type { Knowledge } from "../knowledge/index.ts";
import { CARE_CLASSES, LEAD_ASSERTED, SAID_LENGTH_MAX, STATUSES, type DeviceSummary } from "../model/device.ts";
import type { CellChange, ListField } from "../model/list.ts";
import { cellText } from "./columns.ts";
import { FIELD_TITLES, statusCalled } from "./fields.ts";
import { bareSerial, isNothing, serialKeys } from "./keys.ts";
import { kindCalled } from "./likeness.ts";
import { value } from "./pairs.ts";
import { isRewritten } from "./spreadsheet.ts";
import type { TableRow } from "./table.ts";

interface Said {
  readonly changes: readonly CellChange[];
  /** What stands there and is not taken, and why. */
  readonly notes: readonly string[];
}

/** Only the hospital knows these: the list's word is taken. */
const HOSPITALS_OWN = ["controlNumber", "owner", "location", "status"] as const;
/** These are heard; the list fills in what was not, and settles what is only probable where it says the same. */
const FILLED_IN = ["kind", "maker", "model", "serial", "udi"] as const;
/** In a table of ours a cell that is not as we wrote it was changed by a person. */
const OURS = ["names", "kind", "maker", "model", "serial", "location", "controlNumber", "owner", "status", "lifeCritical"] as const;

export function saidByRow(row: TableRow, device: DeviceSummary, ours: boolean, knowledge: Knowledge): Said {
  const changes: CellChange[] = [];
  const notes: string[] = [];
  const take = (attribute: (typeof OURS)[number] | "udi", from: string, to: string) => {
    if (to.length > SAID_LENGTH_MAX)
      return void notes.push(`${FIELD_TITLES[attribute]}: longer than ${SAID_LENGTH_MAX} characters; not taken`);
    const taken = takenAs(attribute, to, knowledge);
    if (taken === null) notes.push(`${FIELD_TITLES[attribute]}: "${to}" is none of ${choicesOf(attribute)}; not taken`);
    else if (taken !== from) changes.push({ attribute, from, to: taken });
  };
  if (ours) {
    for (const attribute of OURS) {
      const to = row.cells[attribute];
      const from = cellText(attribute, device).replace(/^probably /, "");
      // What an emptied cell would take back is said on the device's page; what was not known then may be known by now.
      if (to === undefined || isSameCell(attribute, from, to)) continue;
      if (isRewritten(from, to)) notes.push(`${FIELD_TITLES[attribute]}: a spreadsheet wrote "${to}" for "${from}"; not taken`);
      else take(attribute, isNothing(from) ? "" : from, to);
    }
    return { changes, notes };
  }
  for (const attribute of HOSPITALS_OWN) {
    const to = row.cells[attribute];
    if (to !== undefined && !isNothing(to) && !isSameText(value(device[attribute]), to)) take(attribute, value(device[attribute]), to);
  }
  for (const attribute of FILLED_IN) {
    const to = row.cells[attribute];
    if (to === undefined || isNothing(to)) continue;
    if (attribute === "kind" && kindCalled(to, knowledge) === null) continue; // A description is no kind of ours.
    const heard = value(device[attribute]);
    if (heard !== "") {
      const agrees = takenAs(attribute, to, knowledge) === heard;
      if (agrees && device[attribute]!.lead < LEAD_ASSERTED) changes.push({ attribute, from: `probably ${heard}`, to: heard });
      continue;
    }
    if (attribute === "serial" && serialKeys(to) === null) notes.push(`${FIELD_TITLES.serial}: "${to}" is no serial number; not taken`);
    else take(attribute, "", to);
  }
  return { changes, notes };
}

/** A spreadsheet takes the zeros before a number; that is no change of a person's. */
function isSameCell(attribute: ListField, from: string, to: string): boolean {
  if (from === to.trim()) return true;
  return attribute !== "names" && /^\d+$/.test(to) && from.replace(/^0+(?=\d)/, "") === to;
}

function isSameText(from: string, to: string): boolean {
  return from.toLowerCase().replace(/\s+/g, " ").trim() === to.toLowerCase(); // prettier-ignore
}

/** As it is said; null where it is none of those it may be. */
function takenAs(attribute: ListField, text: string, knowledge: Knowledge): string | null {
  switch (attribute) {
    case "status":
      return statusCalled(text);
    case "lifeCritical":
      return CARE_CLASSES.find((it) => it === text.toLowerCase() || it === text) ?? null;
    case "kind":
      return kindCalled(text, knowledge) ?? text;
    case "serial":
      return bareSerial(text);
    case "maker":
      return knowledge.makers.called(text).name;
    default:
      return text;
  }
}

function choicesOf(attribute: ListField): string {
  return (attribute === "status" ? STATUSES : CARE_CLASSES).join(", ");
}
