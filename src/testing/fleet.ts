/** Devices as conditions look at them, made by hand; what is not said is not known of them. */
import { confidenceOf, LEAD_ASSERTED } from "../model/device.ts";
import type { Stated } from "../model/device.ts";
import type { AnsweredService, Condition, FleetDevice, Telltale } from "../model/weakness.ts";
import { examined } from "../weaknesses/examining.ts";

/** 2026-11-23 08:00 UTC. */
export const HEARD_US = Date.UTC(2026, 10, 23, 8) * 1_000;
const DAY_US = 86_400_000_000;

export function fleetDevice(it: Partial<FleetDevice> = {}): FleetDevice {
  return {
    id: "d1", name: "pump7", kind: null, maker: null, model: null, serial: null, udi: null, software: null, os: null, location: null,
    owner: null, status: null, lifeCritical: "other", standing: "device", ips: ["10.0.0.7"], first: HEARD_US - 30 * DAY_US, last: HEARD_US,
    services: [], said: [], found: [], outside: null, sbom: null, mds2: null, ...it,
  }; // prettier-ignore
}

export function known(value: string, lead = LEAD_ASSERTED): Stated {
  return { value, lead, confidence: confidenceOf(lead) };
}

/** Answered one client in the clear, unless it says otherwise. */
export function service(port: number, protocol: string | null, it: Partial<AnsweredService> = {}): AnsweredService {
  return {
    ip: "10.0.0.7", transport: "tcp", port, protocol, operations: [], clear: true, clients: 1, outsiders: 0, first: HEARD_US - DAY_US, last: HEARD_US, ...it,
  }; // prettier-ignore
}

export function told(attribute: Telltale["attribute"], value: string, protocol: string, it: Partial<Telltale> = {}): Telltale {
  return { attribute, value, protocol, first: HEARD_US - DAY_US, last: HEARD_US, count: 1, ...it };
}

/** `telnet-answers affected high: TCP port 23 of 10.0.0.7 answered 1 client in telnet`, a line for each weakness. */
export function weaknessLines(condition: Condition, it: Partial<FleetDevice>): string[] {
  return examined(fleetDevice(it), [condition]).map(
    ({ name, answer, severity, because }) => `${name} ${answer} ${severity}: ${because.map(({ text }) => text).join("; ")}`,
  );
}
