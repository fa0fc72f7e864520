/** The ward in a device's location, which says more: bed, room, floor, building. */
import { confidenceOf, LEAD_ASSERTED } from "./device.ts";
import type { Stated } from "./device.ts";

/** Within a ward: "bed 7", "room 214", "office", "nurses' station". */
const WITHIN = /[\s,·]*\b(?:beds?|bays?|rooms?|rm|office|nurses['’]? station|corridor)\b\s*[\w-]*$/i;

/** "Gi1/0/4 of sw3". */
const PORT = /\d of \S/;

/** Null where no location is asserted, or it is a switch's port. HL7 says "facility / ward / bed", LLDP-MED "building, floor, room". */
export function wardOf(location: Stated | null): string | null {
  if (location === null || location.lead < LEAD_ASSERTED || PORT.test(location.value)) return null;
  const parts = location.value.split(" / ");
  let ward = (parts.length > 1 ? parts[1]! : location.value.replace(/^.*\broom\s+(?=\S+\s)/i, "")).trim();
  while (WITHIN.test(ward)) ward = ward.replace(WITHIN, "").trim();
  return ward === "" ? null : ward;
}

/** As above, of a place whose sureness was looked at before: the place itself where no ward is in it. */
export function wardCalled(location: string): string {
  return wardOf({ value: location, lead: LEAD_ASSERTED, confidence: confidenceOf(LEAD_ASSERTED) }) ?? location;
}
