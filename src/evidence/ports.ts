/** Ports of switches as their makers write them, and which switch a table is of. */
import type { EvidenceFile } from "../model/evidence.ts";

const SHORT: readonly (readonly [long: RegExp, short: string])[] = [
  [/^TenGigabitEthernet/i, "Te"],
  [/^TwentyFiveGigE(?:thernet)?/i, "Twe"],
  [/^FortyGigabitEthernet/i, "Fo"],
  [/^HundredGigE(?:thernet)?/i, "Hu"],
  [/^GigabitEthernet/i, "Gi"],
  [/^FastEthernet/i, "Fa"],
  [/^Ethernet(?=\d)/i, "Eth"],
];

/** Bundles, tunnels, networks and the switch itself: nothing is plugged in there. */
const NO_PORT =
  /^(?:po\d|port-channel|bagg|bridge-aggregation|ae\d|trk\d|lag\d|mlag|cpu|router|switch|drop|self|vlan|vl\d|irb|vtep|vxlan|nve|sup-eth|vpc|esi|stack|mgmt|-|all-members)/i;

/** As a relay's option 82 is shown: "Gi1/0/3 of ward-3", also for "GigabitEthernet1/0/3"; of Junos without its unit. Null where nothing is plugged in. */
export function portOf(device: string, text: string): string | null {
  const long = SHORT.find(([pattern]) => pattern.test(text));
  const name = (long === undefined ? text : text.replace(long[0], long[1])).replace(/^((?:ge|xe|et|mge|fe)-\d+\/\d+\/\d+)\.\d+$/, "$1");
  if (name === "" || NO_PORT.test(name) || name.includes(",")) return null;
  return device === "" ? name : `${name} of ${device}`;
}

/** A prompt before the command: "ward-3#show mac address-table", "nurse@ward-3> show …", "<ward-3>display …". */
const PROMPT = /^(?:[\w.-]+@)?<?([\w.-]+)(?:\([\w-]+\))?[#>]\s*(?:sh|show|display|dis)\b/i;

/** Which switch the lines are of: as the last prompt says, else as the file is called. */
export function switchNames({ name }: EvidenceFile): (line: string) => string {
  let current = name;
  return (line) => {
    current = PROMPT.exec(line)?.[1] ?? current;
    return current;
  };
}
