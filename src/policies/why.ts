/**
 * Is it us? Whether a policy stopped anything to or from one device, which rule was missing, and whether its usual work goes on: one
 * sentence that can be read over the telephone. Worked out from what was heard; what the equipment counted is not read here.
 */
import type { Membership, Policy, PolicyState } from "../model/policy.ts";
import { POLICY_STATES } from "../model/policy.ts";
import type { HeardConversation, Machine, Replay } from "../model/replay.ts";
import { countOf } from "./cells.ts";
import { compile } from "./compile.ts";
import { Edits } from "./edit.ts";
import { judgeConversation } from "./evaluate.ts";
import { serviceText } from "./service.ts";

/** What is heard on so many days is usual. */
const USUAL_DAYS = 3;

export interface Why {
  readonly answer: "yes" | "no" | "cannot tell";
  readonly sentence: string;
  /** How far the policy stands where the device is. */
  readonly state: PolicyState | "not governed";
  readonly stopped: readonly Stopped[];
  /** Usual conversations heard within the time, and those that were not. */
  readonly usual: number;
  readonly silent: readonly string[];
}

export interface Stopped {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly last: number;
  readonly count: number;
  readonly edit: string;
}

/** `since`: from this moment on, microseconds since 1970, up to the replay's end. */
export function why(policy: Policy, membership: Membership, replay: Replay, device: Machine, since: number): Why {
  const compiled = compile(policy, membership, replay.machines);
  const machines = new Map(replay.machines.map((it) => [it.number, it]));
  const isOwn = (it: { readonly client: number; readonly server: number }) => it.client === device.number || it.server === device.number;
  const isDenied = (it: Pick<HeardConversation, "client" | "server" | "transport" | "port" | "family">) =>
    judgeConversation(compiled.policy, { ...it, client: compiled.places(it.client), server: compiled.places(it.server) }).outcome === "denied";
  const edits = new Edits(policy, replay);
  const stopped = replay.attempts
    .filter((it) => isOwn(it) && it.last >= since)
    .flatMap((it) => it.ports.map((port) => ({ ...it, port })))
    .filter(isDenied)
    .map((it): Stopped => ({
      client: nameOf(machines, it.client),
      server: nameOf(machines, it.server),
      service: serviceText({ transport: it.transport, ports: [{ from: it.port, to: it.port }] }),
      last: it.last,
      count: it.count,
      edit: edits.of(machines.get(it.client)!, machines.get(it.server)!, { ...it, protocols: [] }, ""),
    }))
    .sort((a, b) => b.last - a.last || (a.service < b.service ? -1 : 1));
  const usual = replay.conversations.filter((it) => isOwn(it) && countOf(it.days) >= USUAL_DAYS && it.answered > 0);
  const silent = usual.filter(({ last }) => last < since);
  const told = { stopped, usual: usual.length - silent.length, silent: silent.map((it) => `${nameOf(machines, it.client)} → ${nameOf(machines, it.server)} ${serviceText({ transport: it.transport, ports: [{ from: it.port, to: it.port }] })}`) };
  const state = stateOf(policy, membership, device);
  return { ...answerOf(device, state, told, replay), state, ...told };
} // prettier-ignore

type Told = Pick<Why, "stopped" | "usual" | "silent">;

function answerOf({ device, number, worn }: Machine, state: Why["state"], { stopped, usual, silent }: Told, replay: Replay): Pick<Why, "answer" | "sentence"> {
  const work = usual + silent.length === 0 ? "" : `, and ${usual} of ${usual + silent.length} of its usual conversations were heard since`;
  if (state !== "enforced") {
    const stands = state === "not governed" ? "the policy is not about it" : state === "draft" ? "the policy is a draft where it stands" : "the policy only watches where it stands";
    return { answer: "no", sentence: `No: nothing of ours stops ${device.name}, since ${stands}${work}.` };
  }
  const [latest] = stopped;
  if (latest !== undefined) {
    const { client, server, service, last } = latest;
    return { answer: "yes", sentence: `Yes, probably: ${client} tried ${service} to ${server} at ${new Date(last / 1000).toISOString().slice(11, 16)} UTC, nobody answered, and no rule allows it${work}.` };
  }
  const isHeard = worn.length > 0 && replay.conversations.some((it) => (it.client === number || it.server === number) && it.last >= replay.from);
  if (!isHeard) return { answer: "cannot tell", sentence: `Cannot tell: ${device.name} was not heard at all, so neither was what it tried.` };
  if (usual === 0 && silent.length > 0) return { answer: "cannot tell", sentence: `Cannot tell: nothing that ${device.name} tried was refused by a rule, but none of its ${silent.length} usual conversations were heard since: what stops frames before we hear them is not seen here.` };
  return { answer: "no", sentence: `No: whatever ${device.name} was heard to try, a rule allows${work}.` };
} // prettier-ignore

/** The strictest of its governing groups, in its ward or everywhere. */
export function stateOf(policy: Policy, { groups }: Membership, { device }: Machine): Why["state"] {
  const states = policy.groups.flatMap(({ name, governs, states }) => {
    const member = governs ? groups.find(({ group }) => group === name)?.members.find((it) => it.device === device.id) : undefined;
    if (member === undefined) return [];
    return (states.find(({ place }) => place === member.ward) ?? states.find(({ place }) => place === "everywhere"))?.state ?? "draft";
  });
  return POLICY_STATES.toReversed().find((it) => states.includes(it)) ?? "not governed";
}

function nameOf(machines: ReadonlyMap<number, Machine>, number: number): string {
  return machines.get(number)?.device.name ?? "";
}
