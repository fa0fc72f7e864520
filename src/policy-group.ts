/** One group of a policy beside a recording: who is in it, how well its rules fit, and what makers say of its models. */
import { comparedTo, disclosedFrom } from "./disclosing.ts";
import type { GroupDisclosure, GroupReport, PolicyQuestion } from "./model/policy-report.ts";
import type { Replay } from "./model/replay.ts";
import { compile } from "./policies/compile.ts";
import type { DisclosedModel } from "./policies/disclosed.ts";
import { policyIn } from "./policies/file.ts";
import { measure } from "./policies/measure.ts";
import { membershipOf } from "./policies/membership.ts";
import { replayFrom } from "./replaying.ts";

/** What a person can look through; `auscult policy show --json` lists all. */
export const MEMBERS_MAX = 500;

/** Throws WrongPolicy where the text is none, an Error for people where the recording cannot be read. Null: the policy has no such group. */
export function groupReport(path: string, question: PolicyQuestion, group: string): GroupReport | null {
  const replay = replayFrom(path);
  return groupOf(replay, question, group, disclosedFrom(path, replay));
}

export function groupOf(
  replay: Replay,
  { text, file, ownRanges }: PolicyQuestion,
  name: string,
  disclosed: readonly DisclosedModel[],
): GroupReport | null {
  const policy = policyIn(text ?? "", file);
  const place = policy.groups.findIndex((it) => it.name === name);
  if (place < 0) return null;
  const { newcomers, governs } = policy.groups[place]!;
  const membership = membershipOf(policy, replay, ownRanges);
  const { members, waiting } = membership.groups[place]!;
  const { groups } = measure(compile(policy, membership, replay.machines), replay.machines, replay.conversations);
  const fit = groups.find(({ group }) => group === name) ?? { heard: 0, kept: 0, allowed: 0 };
  const own = new Set(members.map(({ device }) => device));
  return {
    group: name,
    newcomers,
    members: members.slice(0, MEMBERS_MAX).map(({ device, name: called, kind, care, ward, endpoints }) => ({
      device,
      name: called,
      kind,
      care,
      ward,
      addresses: endpoints.flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6]),
    })),
    membersTotal: members.length,
    waiting,
    fit: governs ? { heard: fit.heard, kept: fit.kept, allowed: fit.allowed } : null,
    disclosed: disclosed.flatMap((model) => disclosureIn(replay, model, own)),
  };
}

/** Nothing where none of the group is of the model. What was heard is of all of the model, in the group or not. */
function disclosureIn(replay: Replay, model: DisclosedModel, own: ReadonlySet<string>): readonly GroupDisclosure[] {
  const members = model.members.filter(({ device }) => own.has(device.id));
  const first = members[0];
  if (first === undefined) return [];
  const { model: called, declared, notDeclared, cannotTell } = comparedTo(replay, model);
  const answered = (answer: string) => declared.filter((it) => it.answer === answer).length;
  return [
    {
      model: called,
      device: first.device.id,
      members: members.length,
      heard: answered("heard"),
      notHeard: answered("not heard yet"),
      notDeclared: notDeclared.length,
      cannotTell: answered("cannot tell") + cannotTell.length,
    },
  ];
}
