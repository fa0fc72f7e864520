/** Every form of file that is read, in the order they are asked: those of one program before those any table may have. */
import type { EvidenceForm } from "../model/evidence.ts";
import { arpCommand } from "./arp-command.ts";
import { arubaWireless } from "./aruba-wireless.ts";
import { ciscoMacTable } from "./cisco-mac-table.ts";
import { ciscoArp } from "./cisco-arp.ts";
import { ciscoWireless } from "./cisco-wireless.ts";
import { dnsmasqLeases } from "./dnsmasq-leases.ts";
import { hpeMacTable } from "./hpe-mac-table.ts";
import { ipNeighbor } from "./ip-neighbor.ts";
import { iscLeases } from "./isc-leases.ts";
import { iseEndpoints } from "./ise-endpoints.ts";
import { juniperMacTable } from "./juniper-mac-table.ts";
import { keaLeaseJson } from "./kea-lease-json.ts";
import { keaLeases } from "./kea-leases.ts";
import { macAddresses } from "./mac-addresses.ts";
import { macPorts } from "./mac-ports.ts";
import { networks } from "./networks.ts";
import { portPlaces } from "./port-places.ts";
import { radiusAccounting } from "./radius-accounting.ts";
import { suricataEve } from "./suricata-eve.ts";
import { windowsLeases } from "./windows-leases.ts";
import { zeekJson } from "./zeek-json.ts";
import { zeekTsv } from "./zeek-tsv.ts";

export const evidenceForms: readonly EvidenceForm[] = [
  windowsLeases,
  keaLeases,
  keaLeaseJson,
  iscLeases,
  dnsmasqLeases,
  ciscoMacTable,
  hpeMacTable,
  juniperMacTable,
  ciscoArp,
  arpCommand,
  ipNeighbor,
  ciscoWireless,
  arubaWireless,
  iseEndpoints,
  radiusAccounting,
  suricataEve,
  zeekTsv,
  zeekJson,
  macPorts,
  macAddresses,
  portPlaces,
  networks,
];

/** Of a file's beginning: its first lines, or where it is JSON its first object. */
export function formOf(head: readonly string[], json: EvidenceForm["json"]): EvidenceForm | undefined {
  return evidenceForms.find((form) => form.json === json && form.recognize(head));
}
