/** The lines that, written into a policy, would allow one conversation: for a person to weigh, not to paste. */
import { LEAD_ASSERTED } from "../model/device.ts";
import { parseFilter } from "../model/filter.ts";
import type { Policy } from "../model/policy.ts";
import type { HeardConversation, Machine, Replay } from "../model/replay.ts";
import { plainName } from "./cells.ts";
import { isBuiltIn } from "./file.ts";
import { isAskedFor, isMulticast } from "./membership.ts";
import { Naming } from "./naming.ts";
import { belonging } from "./selector.ts";
import { serviceText } from "./service.ts";

interface Named {
  readonly name: string;
  /** Of a group that has to be made. */
  readonly select: string | null;
}

export class Edits {
  readonly #policy: Policy;
  readonly #now: number;
  readonly #naming: Naming;
  readonly #groups: readonly { readonly name: string; readonly filter: ReturnType<typeof parseFilter> }[];
  readonly #taken: ReadonlySet<string>;
  readonly #named = new Map<number, Named>();

  constructor(policy: Policy, { machines, to }: Replay) {
    this.#policy = policy;
    this.#now = to;
    this.#naming = new Naming(machines);
    this.#groups = policy.groups.map(({ name, select }) => ({ name, filter: parseFilter(select) }));
    this.#taken = new Set(policy.groups.map(({ name }) => name));
  }

  /** Groups are named where there are none yet. `purpose`: what it is for, if a table knows. */
  of(client: Machine, server: Machine, it: Pick<HeardConversation, "transport" | "port" | "protocols">, purpose: string): string {
    const [from, to] = [this.#groupOf(client), this.#groupOf(server)];
    const groups = [from, to].flatMap(({ name, select }) =>
      select === null ? [] : [`  ${quoted(name)}: { select: ${quoted(select)}, governs: false }`],
    );
    const because = purpose !== "" ? purpose : it.protocols.length === 0 ? "say why" : `${it.protocols.join(" ")}: say why`;
    const service = serviceText({ transport: it.transport, ports: [{ from: it.port, to: it.port }] });
    return [
      ...(groups.length === 0 ? [] : ["groups:", ...new Set(groups)]),
      "rules:",
      `  - { allow: ${quoted(`${from.name} → ${to.name}`)}, service: ${quoted(service)}, because: ${quoted(because)} }`,
    ].join("\n");
  }

  #groupOf(machine: Machine): Named {
    let named = this.#named.get(machine.number);
    if (named === undefined) this.#named.set(machine.number, (named = this.#worked(machine)));
    return named;
  }

  #worked(machine: Machine): Named {
    const { device, worn } = machine;
    const group = this.#groups.find(({ filter }) => isAskedFor(device, filter) && belonging(filter, device, this.#now) === "member");
    if (group !== undefined) return { name: group.name, select: null };
    if (device.standing === "group")
      return { name: worn.some(({ ip }) => ip !== null && isMulticast(ip)) ? "multicast" : "broadcast", select: null };
    const kind = device.kind !== null && device.kind.lead >= LEAD_ASSERTED && device.standing === "device" ? device.kind.value : null;
    if (kind !== null && !this.#policy.groups.some(({ name }) => name === kind)) return { name: kind, select: `kind = "${kind}"` };
    const name = plainName(device.name);
    return { name: this.#taken.has(name) || isBuiltIn(name) ? `${name} (${device.id})` : name, select: this.#naming.selectorOf([machine]) };
  }
}

/** What devices call themselves may hold anything, and becomes text in a policy: never a line or a brace of it. */
function quoted(text: string): string {
  return /^[A-Za-z][A-Za-z0-9 _.→-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : `'${text.replace(/[\n\r]+/g, " ").replaceAll("'", "''")}'`;
} // prettier-ignore
