/** The lines that, written into a policy, would allow one conversation: for a person to weigh, not to paste. */
import { LEAD_ASSERTED } from "../model/device.ts";
import { parseFilter } from "../model/filter.ts";
import type { Policy } from "../model/policy.ts";
import type { HeardConversation, Machine } from "../model/replay.ts";
import { isMulticast } from "./membership.ts";
import { selectorOf } from "./naming.ts";
import { belonging } from "./selector.ts";
import { serviceText } from "./service.ts";

/** Groups are named where there are none yet. `purpose`: what it is for, if a table knows. */
export function editFor(
  policy: Policy,
  client: Machine,
  server: Machine,
  { transport, port, protocols, last }: Pick<HeardConversation, "transport" | "port" | "protocols" | "last">,
  machines: readonly Machine[],
  purpose: string,
): string {
  const [from, to] = [client, server].map((it) => groupFor(policy, it, machines, last)) as [Named, Named];
  const groups = [from, to].flatMap(({ name, select }) => (select === null ? [] : [`  ${name}: { select: '${select}', governs: false }`]));
  const because = purpose === "" ? (protocols.length === 0 ? "say why" : `${protocols.join(" ")}: say why`) : purpose;
  return [
    ...(groups.length === 0 ? [] : ["groups:", ...new Set(groups)]),
    "rules:",
    `  - { allow: ${from.name} → ${to.name}, service: '${serviceText({ transport, ports: [{ from: port, to: port }] })}', because: '${because}' }`,
  ].join("\n");
}

interface Named {
  readonly name: string;
  /** Of a group that has to be made. */
  readonly select: string | null;
}

function groupFor({ groups }: Policy, machine: Machine, machines: readonly Machine[], now: number): Named {
  const { device, worn } = machine;
  const group = groups.find(({ select }) => belonging(parseFilter(select), device, now) === "member" && (device.standing === "device" || device.standing === "carrier" || select.includes("standing"))); // prettier-ignore
  if (group !== undefined) return { name: group.name, select: null };
  if (device.standing === "group") return { name: worn.some(({ ip }) => ip !== null && isMulticast(ip)) ? "multicast" : "broadcast", select: null };
  const kind = device.kind !== null && device.kind.lead >= LEAD_ASSERTED ? device.kind.value : null;
  if (kind !== null && device.standing === "device" && !groups.some(({ name }) => name === kind)) return { name: kind, select: `kind = "${kind}"` };
  return { name: device.name, select: selectorOf([machine], machines) };
} // prettier-ignore
