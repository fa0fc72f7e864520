/** A wall small enough to read: what every exporter writes of it stands whole in `src/policies/exporters/expected/`. */
import type { CompiledPolicy, CompiledSet } from "../model/policy.ts";
import type { Exporter, Wall } from "../policies/exporters/exporter.ts";
import { ALL, unionOf } from "../policies/ranges.ts";

const EVERY = [ALL[4], ALL[6]];

const policy: CompiledPolicy = {
  name: "ward 4",
  sets: [
    set("infusion pumps", null, true, ["10.20.4.7", "10.20.4.12-10.20.4.31", "fd20:4::7"]),
    set("ventilators", null, true, ["10.20.5.1-10.20.5.9"], true),
    set("pump server", null, false, ["10.20.0.5", "fd20::5"]),
    set("scanners", 'ward "4"', false, ["10.20.6.1-10.20.6.3"]),
    { ...set("multicast", null, false, []), builtIn: true, ipv4: [{ first: "224.0.0.0", last: "239.255.255.255" }] },
    { ...set("anyone", null, false, []), builtIn: true, ipv4: [EVERY[0]!], ipv6: [EVERY[1]!] },
  ],
  rules: [
    { rule: 0, from: 0, to: 2, service: { transport: "tcp", ports: ports(443, 443, 8000, 8010) }, because: "drug library and orders" },
    { rule: 1, from: 2, to: 0, service: { transport: "icmp", ports: ports(8, 8) }, because: "asks whether they answer" },
    { rule: 2, from: 3, to: 1, service: { transport: "tcp", ports: ports(104, 104) }, because: 'an "odd" one\nof two lines' },
    { rule: 4, from: 1, to: 4, service: { transport: "udp", ports: ports(5353, 5353) }, because: "names" },
    { rule: 5, from: 0, to: 5, service: { transport: "ip", ports: ports(47, 47, 50, 51) }, because: "a tunnel" },
    { rule: 6, from: 5, to: 1, service: { transport: "udp", ports: [] }, because: "said by a person" },
  ],
};

/** Pumps are enforced, ventilators monitored and spared. */
export const SAMPLE_WALL: Wall = { policy, enforced: policy.sets[0]!, monitored: policy.sets[1]!, spared: policy.sets[1]! };

/** What stands in `expected/`, by the name of its file. */
export function expectedTexts(exporters: readonly Exporter[]): readonly (readonly [file: string, text: string])[] {
  return exporters.flatMap(({ name, extension, write, rollback }) => [
    [`${name}.${extension}`, write(SAMPLE_WALL)],
    [`${name}.rollback.${extension}`, rollback(SAMPLE_WALL)],
  ]);
}

function set(group: string, ward: string | null, governs: boolean, texts: readonly string[], lifeSupporting = false): CompiledSet {
  const ranges = texts.map((text) => {
    const [first = "", last = first] = text.split("-");
    return { first, last };
  });
  return { group, ward, builtIn: false, governs, lifeSupporting, macs: [], ipv4: unionOf(ranges, 4), ipv6: unionOf(ranges, 6) };
}

/** Both ends of each. */
function ports(...ends: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  return ends.flatMap((from, at) => (at % 2 === 0 ? [{ from, to: ends[at + 1]! }] : []));
}
