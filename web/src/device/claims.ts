/** What we claim of a device, under the names the pages have for it. */
import type { DeviceDetail, Sayable, Stated } from "../../../src/model/device.ts";
import { words } from "../words.ts";

/** In the order they are shown, each with what would settle it where it is not known: what devices of the kind are heard to send. */
export const CLAIMS: readonly (readonly [name: Sayable, title: string, settles: string])[] = [
  ["names", "Name", "A DHCP request or a name it answers to would settle it."],
  ["kind", "What it is", "A DICOM association, an HL7 message or a description of itself would settle it."],
  ["maker", "Maker", "The first half of a registered network card address, or a banner, would settle it."],
  ["model", "Model", "A device description, an SNMP answer or a banner would settle it. Most are sent when it starts."],
  ["serial", "Serial number", "A device description or a DICOM image header would settle it. It is often sent only at start."],
  ["software", "Software", "A banner, a DICOM association or a device description would settle it."],
  ["os", "System", "A DHCP request, a file share or a log-in would settle it."],
  ["location", "Last heard at", "An LLDP neighbor, a DHCP relay that names its port, or a person would settle it."],
  ["lifeCritical", "Care class", "It follows from what the device is."],
  ["udi", "Device identifier (UDI)", "Few devices send it; the label on the device has it."],
  ["controlNumber", "Control number", "The hospital's own list has it, or the label it put on the device."],
  ["owner", "Owner", "The hospital's own list has it, or a person."],
  ["status", "Status", "The hospital's own list has it, or a person: in service, workshop, store, on loan or retired."],
];

export function statedOf(device: DeviceDetail, name: Sayable): Stated | null {
  switch (name) {
    case "names":
      return device.names[0] ?? null;
    case "lifeCritical":
      return device.kind === null ? null : { ...device.kind, value: device.lifeCritical };
    default:
      return device[name];
  }
}

/** What a device calls itself stands as it was sent; what it is, is our word. */
export function claimWords(name: Sayable, value: string | null): string {
  if (value === null) return "Not known";
  return name === "kind" || name === "lifeCritical" ? words.capital(value) : value;
}
