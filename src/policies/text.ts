/** How a policy is written: one stable text, whoever wrote it. Comments stay where they are. */
import { Document, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Pair, YAMLMap } from "yaml";
import type { Policy, PolicyTest, Rule } from "../model/policy.ts";
import { GROUP_KEYS, policyIn, POLICY_KEYS, RULE_KEYS } from "./file.ts";
import { serviceIn, serviceText } from "./service.ts";

/** Of a policy that is made and not yet written. What is as it is unless said is left away. */
export function policyText(policy: Policy): string {
  // A map keeps their order, also of those called by a number.
  const groups = policy.groups.map(({ name, select, governs, newcomers, states }): [string, object] => [
    name,
    {
      select,
      ...(governs ? {} : { governs }),
      ...(newcomers === "hold" ? {} : { newcomers }),
      ...(states.length === 0 ? {} : { states: new Map(states.map(({ place, state }) => [place, state])) }),
    },
  ]);
  return written(
    new Document({
      policy: policy.name,
      groups: new Map(groups),
      ...(policy.rules.length === 0 ? {} : { rules: policy.rules.map(ruleEntry) }),
      ...(policy.tests.length === 0 ? {} : { tests: policy.tests.map(testText) }),
    }),
  );
}

/** The same policy as it is written here. Throws WrongPolicy. */
export function formatted(text: string, file: string): string {
  policyIn(text, file);
  // Nothing is read as a number, so that 007 stays what it is.
  return written(parseDocument(text, { schema: "failsafe", uniqueKeys: false }));
}

function ruleEntry({ service, because, origin, same, until, change, ...ends }: Rule): object {
  return {
    allow: endsText(ends),
    service: serviceText(service),
    because,
    origin,
    ...(same === null ? {} : { same }),
    ...(until === null ? {} : { until }),
    ...(change === null ? {} : { change }),
  };
}

export function endsText({ from, to }: Pick<Rule, "from" | "to">): string {
  return `${from} → ${to}`;
}

/** "infusion pumps → pump server tcp 443". */
export function ruleText(rule: Pick<Rule, "from" | "to" | "service" | "same">): string {
  return `${endsText(rule)} ${serviceText(rule.service)}${rule.same === null ? "" : ` within the same ${rule.same}`}`;
}

export function testText({ kind, from, to, service }: PolicyTest): string {
  return `${kind} ${from} reaches ${to}${service === null ? "" : ` on ${serviceText(service)}`}`;
}

function written(document: Document): string {
  const top = document.contents as YAMLMap;
  arrange(top, POLICY_KEYS);
  for (const { key, value } of top.items) {
    const name = isScalar(key) ? key.value : "";
    if (name === "groups" && isMap(value)) for (const group of value.items) arrange(group.value, GROUP_KEYS);
    if (name === "rules" && isSeq(value))
      for (const rule of value.items) {
        arrange(rule, RULE_KEYS);
        if (isMap(rule)) for (const entry of rule.items) respell(entry);
      }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function arrange(node: unknown, keys: readonly string[]): void {
  if (!isMap(node)) return;
  const placeOf = ({ key }: Pair) => keys.indexOf(isScalar(key) ? String(key.value) : "");
  node.items.sort((a, b) => placeOf(a) - placeOf(b));
  node.flow = false;
}

function respell({ key, value }: Pair): void {
  if (!isScalar(key) || !isScalar(value)) return;
  if (key.value === "allow") value.value = String(value.value).split(/→|->/).map((it) => it.trim()).join(" → "); // prettier-ignore
  if (key.value === "service") value.value = serviceText(serviceIn(String(value.value)));
}
