/** Weaknesses and findings made by hand, for who judges them; what is not said is harmless. */
import type { Finding } from "../model/finding.ts";
import type { Fleet, FleetDevice, Weakness } from "../model/weakness.ts";
import { HEARD_US } from "./fleet.ts";

export const DAY_US = 86_400e6;

export function weakness(it: Partial<Weakness> = {}): Weakness {
  return {
    name: "telnet-answers", device: "d1", kind: "exposure", title: "Telnet answers", answer: "affected", severity: "high", harms: ["device", "network"],
    because: [{ at: HEARD_US, text: "TCP port 23 of 10.0.0.7 answered 1 client in telnet" }], first: HEARD_US - 30 * DAY_US, last: HEARD_US,
    remedy: "Turn Telnet off in the service menu", control: "Let only the service computer open TCP 23", cured: "Telnet has not answered", minutes: 20,
    danger: { cvss: null, vector: null, knownExploited: false, epss: null, worm: false }, cves: [], advisory: null, word: null, source: "RFC 854", ...it,
  }; // prettier-ignore
}

export function finding(it: Partial<Finding> = {}): Finding {
  return {
    id: "00000000000000aa", detector: "device-probed", title: "A device was probed", family: "hazard", severity: "high", harms: ["device"],
    remedy: "Have a nurse look at the pump", technique: [], about: null, others: [], othersBeyond: 0, first: HEARD_US, last: HEARD_US, count: 1,
    summary: "900 ports in 4 s", because: [], witnesses: 0, before: null, standing: { state: "new", said: null, lapsed: null }, hides: null, planned: null, ...it,
  }; // prettier-ignore
}

/** Heard for 40 days, to HEARD_US. */
export function fleetOf(devices: readonly FleetDevice[], weaknesses: readonly Weakness[] = []): Fleet {
  return {
    devices,
    weaknesses: Map.groupBy(weaknesses, ({ device }) => device),
    from: HEARD_US - 40 * DAY_US,
    to: HEARD_US,
    knowledge: {},
  };
}
