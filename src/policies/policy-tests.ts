/** The tests within a policy: "every infusion pump reaches the drug library", "no camera reaches a ventilator". */
import type { CompiledRule, Policy, PolicyTest, PolicyTransport } from "../model/policy.ts";
import { POLICY_TRANSPORTS } from "../model/policy.ts";
import type { Machine } from "../model/replay.ts";
import type { Compiled } from "./compile.ts";
import { judgeConversation, offers } from "./evaluate.ts";
import { testText } from "./text.ts";

export interface RanTest {
  readonly text: string;
  readonly held: boolean;
  /** Who it fails for, by name, a few; or that a group is empty. */
  readonly because: string;
}

const NAMED_MAX = 5;

export function ranTests(policy: Policy, compiled: Compiled, machines: readonly Machine[]): RanTest[] {
  return policy.tests.map((it) => {
    const because = whyNot(it, compiled, machines);
    return { text: testText(it), held: because === "", because };
  });
}

/** "" where it holds. A test about nobody fails: it would hold whatever the policy says. */
function whyNot(it: PolicyTest, { policy, places }: Compiled, machines: readonly Machine[]): string {
  const placeOf = (group: string) => policy.sets.findIndex((set) => set.group === group && set.ward === null);
  const membersOf = (group: string) => machines.filter(({ number }) => places(number).includes(placeOf(group)));
  const [from, to] = [membersOf(it.from), membersOf(it.to)];
  for (const [group, members] of [[it.from, from], [it.to, to]] as const) if (members.length === 0) return `${group} has no member`; // prettier-ignore
  const asked = askedOf(it.service, policy.rules);
  // Who is not governed is not stopped. What every address needs opens nothing.
  const reaches = (client: Machine, server: Machine) =>
    client !== server &&
    asked.some((service) => {
      const ends = { client: places(client.number), server: places(server.number) };
      const { outcome } = judgeConversation(policy, { family: null, ...ends, ...service });
      return outcome === "allowed" || outcome === "not governed" || (outcome === "ground" && it.kind === "every");
    });
  const wrong = from.filter((client) => to.some((server) => reaches(client, server)) !== (it.kind === "every"));
  if (wrong.length === 0) return "";
  const names = wrong.slice(0, NAMED_MAX).map(({ device }) => device.name);
  const more = wrong.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""} ${it.kind === "every" ? "cannot" : "can"}`;
} // prettier-ignore

interface Asked {
  readonly transport: PolicyTransport;
  readonly port: number;
}

/** Ports of a service are judged alike between those where a rule begins, so these are asked, and its own first. Without a service: on any. */
function askedOf(service: PolicyTest["service"], rules: readonly CompiledRule[]): Asked[] {
  const ruled = rules.flatMap((rule) => rule.service.ports.map(({ from }): Asked => ({ transport: rule.service.transport, port: from })));
  if (service === null) return [...ruled, ...POLICY_TRANSPORTS.map((transport) => ({ transport, port: UNRULED }))];
  const { transport, ports } = service;
  const own = ports.length === 0 ? [UNRULED] : ports.map(({ from }) => from);
  return [...own.map((port) => ({ transport, port })), ...ruled.filter((it) => offers(service, it.transport, it.port))];
}

/** A port that hardly any rule is about by itself. */
const UNRULED = 1;
