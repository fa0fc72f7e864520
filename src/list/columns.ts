/** What our own table says of a device in each column, so that it can be read again: what was not changed is known by its text. */
import { LEAD_ASSERTED, LEAD_PROBABLY, type DeviceSummary, type Stated } from "../model/device.ts";
import type { ListField } from "../model/list.ts";

export function cellText(field: Exclude<ListField, "site">, it: DeviceSummary): string {
  switch (field) {
    case "id":
      return it.id;
    case "names":
      return it.name;
    case "lifeCritical":
      return it.lifeCritical;
    case "ip":
      return it.ips.join(" ");
    case "mac":
      return it.macs.join(" ");
    case "controlNumber":
    case "owner":
    case "status":
      return it[field]?.value ?? "";
    default:
      return statedText(it[field]);
  }
}

/** As sure as it is. */
export function statedText(stated: Stated | null): string {
  if (stated === null || stated.lead < LEAD_PROBABLY) return "Not known";
  return stated.lead >= LEAD_ASSERTED ? stated.value : `probably ${stated.value}`;
}
