/** It stands in two networks, and may carry what is in one to the other. */
import type { AnsweredService, Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";

export const severalNetworks: Condition = {
  name: "several-networks",
  kind: "exposure",
  title: "A medical device answers in several networks",
  severity: "low",
  harms: ["network"],
  remedy:
    "Find out with the maker what each of its connections is for, and have the one nobody needs taken off. It must not forward between them.",
  control: "Treat it at the wall as a door between its networks: let only what each needs through.",
  cured: "It has answered in one network for 14 days",
  minutes: 30,
  source: "NIST SP 800-82 r3 section 5.3 (dual-homed hosts)",
  misses:
    "Networks within one private range, whose masks nobody hears; a device that went from one network to the other and back looks the same.",

  *examine(device: FleetDevice): Generator<Examined> {
    if (!isMedical(device) || device.standing !== "device") return;
    const ranges = Map.groupBy(device.services, ({ ip }) => rangeOf(ip));
    ranges.delete(null);
    const spans = [...ranges.values()].map(spanOf);
    const overlapping = spans.filter((it) => spans.some((of) => of !== it && of.first < it.last && it.first < of.last));
    if (overlapping.length < 2) return;
    yield {
      answer: "possible",
      because: overlapping.map(({ ip, last }) => ({ at: last, text: `It answered as ${ip}` })),
      first: Math.max(...overlapping.map(({ first }) => first)),
      last: Math.min(...overlapping.map(({ last }) => last)),
    };
  },
};

/** RFC 1918: who uses two of them uses two networks. */
function rangeOf(ip: string): string | null {
  if (ip.startsWith("10.")) return "10";
  if (ip.startsWith("192.168.")) return "192.168";
  return /^172\.(?:1[6-9]|2\d|3[01])\./.test(ip) ? "172.16" : null;
}

function spanOf(services: readonly AnsweredService[]): { readonly ip: string; readonly first: number; readonly last: number } {
  return {
    ip: services[0]!.ip,
    first: Math.min(...services.map(({ first }) => first)),
    last: Math.max(...services.map(({ last }) => last)),
  };
}
