/** `auscult policy compare`: two policies against the same recording: what newly breaks, what is newly kept, what is newly open. */
import { compare, type Changed, type Opened } from "../policies/compare.ts";
import type { Judged } from "../policies/check.ts";
import { membershipOf } from "../policies/membership.ts";
import { expectations, hashesOf } from "../replaying.ts";
import { ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { Exit, number, plural, print, say, table, time, type Column } from "./terminal.ts";

export interface CompareOptions extends PolicyOptions {
  readonly limit: number;
}

/** Exit 1 where the second would block what the first does not. */
export async function policyCompare(before: string, after: string, { limit, json, ...options }: CompareOptions): Promise<void> {
  const policies = [policyFrom(before), policyFrom(after)] as const;
  const { replay, recording } = replayIn(options);
  const own = ownRanges(options.data);
  const [first, second] = policies.map((policy) => ({ policy, membership: membershipOf(policy, replay, own) })) as [One, One];
  const compared = compare(first, second, replay, expectations());
  if (compared.broken.length > 0) process.exitCode = Exit.findings;
  const hashes = [first, second].map(({ policy, membership }) => hashesOf(policy, membership, replay));
  if (json) return print(`${JSON.stringify({ schema: "auscult.compare/1", before: hashes[0], after: hashes[1], ...compared })}\n`);

  const { broken, kept, opened, closed } = compared;
  say(`${before} and ${after} against recording ${recording}.`);
  const shown = <Row>(rows: readonly Row[]) => rows.slice(0, limit === 0 ? undefined : limit);
  const more = (rows: readonly unknown[]) => (limit > 0 && rows.length > limit ? `  ${number(rows.length - limit)} more: --limit 0\n` : "");
  await print(`Newly blocked, ${plural(broken.length, "conversation")}\n${broken.length === 0 ? "" : table(judgedColumns, shown(broken))}${more(broken)}`);
  await print(`\nBlocked no more, ${plural(kept.length, "conversation")}\n${kept.length === 0 ? "" : table(changedColumns, shown(kept))}${more(kept)}`);
  for (const [title, some] of [["Newly open, whether heard or not", opened], ["Closed, whether heard or not", closed]] as const) {
    const sum = some.reduce((all, { triples }) => all + triples, 0);
    await print(`\n${title}: ${plural(sum, "triple")} of device, peer and port\n${some.length === 0 ? "" : table(openedColumns, shown(some))}${more(some)}`);
  }
} // prettier-ignore

type One = Parameters<typeof compare>[0];

const judgedColumns = columnsOf((it: Judged) => it);

const changedColumns: readonly Column<Changed>[] = [
  ...columnsOf(({ before }: Changed) => before),
  { title: "By", text: ({ rule }) => (rule === null ? "not governed" : `rule ${rule}`) },
];

function columnsOf<Row>(of: (row: Row) => Judged): Column<Row>[] {
  return [
    { title: "Care", text: (it) => of(it).care },
    { title: "Who", text: (it) => `${of(it).client.name} → ${of(it).server.name}` },
    { title: "Service", text: (it) => of(it).service, whole: true },
    { title: "What for", text: (it) => of(it).purpose || of(it).protocols.join(" "), drop: 1 },
    { title: "Days", text: (it) => String(of(it).days), right: true },
    { title: "Last", text: (it) => time(of(it).last), whole: true, drop: 2 },
  ];
}

const openedColumns: readonly Column<Opened>[] = [
  { title: "Triples", text: (it) => number(it.triples), right: true },
  { title: "Rule", text: (it) => (it.rule === null ? "" : String(it.rule)), right: true },
  { title: "Which", text: (it) => it.text },
];
