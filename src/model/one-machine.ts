/** Why a device's addresses are one machine, or are none any more: in sentences, for pages and commands alike. */
import { thousands } from "../bytes/thousands.ts";
import type { Apart, DeviceDetail, Join, JoinedBy, SaidDivision, SpokenFor } from "./device.ts";
import type { ChangeRow } from "./store.ts";

/** "One machine because 10.0.0.5 and 10.1.0.1 both showed the serial number QB3X1E9000123." */
export function whyJoined({ by, value, addresses }: Join): string {
  const all = addresses.length < 2 ? "" : addresses.length === 2 ? " both" : " all";
  return `One machine because ${listed(addresses)}${all} ${SHOWED[by]} ${value}.`;
}

const SHOWED: Readonly<Record<JoinedBy, string>> = {
  serial: "showed the serial number",
  udi: "showed the device identifier (UDI)",
  duid: "asked for an address as the same installation, DUID",
  client: "asked for an address under the same name, DHCP client identifier",
};

/** "Not one machine with d40, though both say the serial number 12345: …" */
export function whyApart({ serial, devices }: Apart): string {
  return `Not one machine with ${listed(devices)} by what was heard, though the serial number ${serial} was heard from each: it joins only those that name one model with it, where it is filled in and few say it.`;
}

/** "lind said that d12 and d31 are one machine: seen at the bedside." */
export function whyDivided({ what, who, reason, named }: Pick<SaidDivision, "what" | "who" | "reason" | "named">): string {
  return `${who} said that ${saidInWords({ what, value: named })}: ${reason}${/[.?]$/.test(reason) ? "" : "."}`;
}

/** "d12 and d31 are one machine", "kind = infusion pump". */
export function saidInWords({ what, value }: Pick<ChangeRow, "what" | "value">): string {
  if (what === "merge") return `${value} are one machine`;
  if (what === "list") return `a list of ${value} words`;
  if (what === "finding" || what === "weakness" || what === "paper" || what === "scanning") return value;
  return what === "split" ? `${value} ${value.includes(", ") ? "are" : "is"} another machine` : `${what} = ${value}`;
}

/** Where a device is asked for by a number that is not its own: an older one has the address it was first given for. Null where it is its own. */
export function whyOtherNumber(wanted: string, device: DeviceDetail): string | null {
  if (wanted === device.id) return null;
  const said = device.divided.findLast(({ what }) => what === "merge");
  const [join] = device.joined;
  const why =
    said !== undefined ? whyDivided(said) : join !== undefined ? whyJoined(join) : "Its addresses turned out to be of one machine.";
  return `${wanted} is part of ${device.id} now. ${why}`;
}

/** "Spoken for by Gateway 4 (d7), 12 reports; it was not heard itself." */
export function whoSpeaks({ device, name, reports }: SpokenFor): string {
  const gateway = device === null ? name : `${name} (${device})`;
  return `Spoken for by ${gateway}, ${thousands(reports)} ${reports === 1 ? "report" : "reports"}; it was not heard itself.`;
}

/** How many devices what was said fits, where that is not one. */
export function whyWaiting(fits: number): string {
  return fits === 0 ? "fits no device now" : `fits ${fits} devices now`;
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, LISTED_MAX);
  const more = texts.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  return shown.length === 0 ? `${last}` : `${shown.join(", ")} and ${last}`;
}
const LISTED_MAX = 5;
