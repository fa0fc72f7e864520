/** One page in words for those who decide on changes: what, why, whom it concerns, what was replayed, what was not heard, how to go back. */
import { clean } from "../bytes/text.ts";
import type { Membership, Policy } from "../model/policy.ts";
import type { Checked } from "./check.ts";
import type { Exporter, Wall } from "./exporters/exporter.ts";
import { ruleText } from "./text.ts";

/** A page, not a book: the whole is in `auscult policy check`. */
const LISTED_MAX = 12;

export interface ChangePage {
  readonly policy: Policy;
  readonly membership: Membership;
  readonly wall: Wall;
  readonly checked: Checked;
  readonly exporter: Exporter;
  /** The five of a result, by name. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Markdown. */
export function changePage({ policy, membership, wall, checked, exporter, hashes }: ChangePage): string {
  const { sees } = exporter;
  const { window, counts, tests } = checked;
  const governing = policy.groups.flatMap((group, at) => (group.governs ? [{ group, members: membership.groups[at]!.members }] : []));
  const blocked = checked.conversations.filter(({ verdict }) => verdict === "would block");
  const unheard = checked.notHeard.filter((it) => it.rule === null);
  return [
    `# Change: ${plain(policy.name)}, ${exporter.title}`,
    "",
    "## What",
    "",
    `${policy.rules.length} rules say what the groups below may do; what none allows is ${dropped(wall)}. ${SEES[sees.place]} ${sees.keepsState ? "It keeps state: who opened a conversation is judged, and answers follow." : "It keeps no state: each packet is judged by itself, and what comes back is let through by its port."}`,
    "",
    ...listed(
      policy.rules.map(
        (it) => `${plain(ruleText(it))}: ${plain(it.because)} (${it.origin}${it.change === null ? "" : `, change ${plain(it.change)}`})`,
      ),
    ),
    "",
    "## Whom it concerns",
    "",
    ...governing.map(({ group, members }) => {
      const wards = [...new Set(members.map((it) => it.ward ?? "ward not known"))].sort();
      const cares = [...new Set(members.map((it) => it.care))].sort();
      return `- **${plain(group.name)}**: ${members.length} devices (${cares.join(", ") || "nobody now"}) in ${wards.map(plain).slice(0, LISTED_MAX).join(", ") || "no ward"}`;
    }),
    "",
    "## What was replayed",
    "",
    `Everything heard from ${day(window.from)} to ${day(window.to)}, ${window.days} days with ${window.weekendDays} on weekends and ${window.monthEnds} month-ends: **${checked.answer.verdict}**. ${counts.kept.conversations} conversations kept, ${counts["would block"].conversations} would be blocked, of ${counts["cannot tell"].conversations} nobody can tell. What comes less often than once in ${window.onceIn} days may well not have been heard.`,
    "",
    ...listed(checked.answer.because.map(plain)),
    ...listed(
      blocked.map(
        (it) =>
          `would block: ${plain(it.client.name)} → ${plain(it.server.name)} ${it.service} (${it.care})${it.without === "" ? "" : `; without it: ${plain(it.without)}`}`,
      ),
    ),
    "",
    "## What was not heard yet",
    "",
    ...(unheard.length === 0
      ? ["Every need that profiles name for these kinds was heard or has a rule."]
      : listed(
          unheard.map(
            (it) =>
              `${plain(it.client)} → ${plain(it.server)} ${it.service}: ${plain(it.purpose)}${it.without === "" ? "" : `; without it: ${plain(it.without)}`}`,
          ),
        )),
    "",
    "## How to test",
    "",
    ...(tests.length === 0
      ? ["- The policy has no tests of its own."]
      : tests.map((it) => `- ${it.held ? "holds" : "fails"}: ${plain(it.text)}`)),
    "- Let it count and let through first where the equipment can; then one device, then a ward.",
    "- On the ward: each kind of device does its usual work, and the work of the lists above, once.",
    "",
    "## How to go back without Auscult",
    "",
    "```",
    exporter.rollback(wall).trimEnd(),
    "```",
    "",
    "## Made of",
    "",
    ...Object.entries(hashes).map(([name, hash]) => `- ${name} ${hash}`),
    "",
  ].join("\n");
}

const SEES: Readonly<Record<Exporter["sees"]["place"], string>> = {
  bridge: "It stands on a bridge and sees what crosses it.",
  router: "It stands on a router and sees what is routed; what stays within a network passes by.",
  port: "It stands on the device's own port and judges what the device sends; what is sent to it passes by.",
};

function dropped({ enforced, monitored }: Wall): string {
  const any = (it: Wall["enforced"]) => it.ipv4.length + it.ipv6.length > 0;
  return any(enforced) ? (any(monitored) ? "dropped for some and logged for others" : "dropped") : "logged and let through";
}

function listed(texts: readonly string[]): readonly string[] {
  const more = texts.length - LISTED_MAX;
  return [...texts.slice(0, LISTED_MAX).map((it) => `- ${it}`), ...(more > 0 ? [`- and ${more} more`] : [])];
}

/** What devices and people call things is text, and makes no headings or links here. */
const plain = (text: string) => clean(text).replace(/[\\`*_[\]<>#|]/g, "\\$&");
const day = (at: number) => new Date(at / 1000).toISOString().slice(0, 10);
