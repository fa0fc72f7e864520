/** What was heard and what was not, summed over every run of every input. */
import { thousands } from "../../bytes/thousands.ts";
import { EVIDENCE_RUN, type FrameCounts, type LossCounts } from "../../model/batch.ts";
import { attributes } from "../../model/observation.ts";
import type { Coverage, InputCoverage } from "../../model/store.ts";
import { mirrorVerdict, type Surroundings } from "../mirror.ts";
import type { Store } from "../reader.ts";

interface Row {
  readonly input: string;
  readonly sensor: string;
  readonly live: number;
  readonly sequence: number;
  readonly missing: number;
  readonly state: InputCoverage["state"];
  readonly trouble: string;
  readonly first: number | null;
  readonly last: number | null;
  readonly frames: number;
  readonly bytes: number;
  readonly drops: number;
  readonly duplicates: number;
  readonly gaps: number;
  readonly counts: string;
}

/** `run.counts`: what has no column of its own. */
type Counts = Partial<Omit<FrameCounts & LossCounts, keyof Row>>;
type Run = Omit<Row, "counts" | "live"> & { readonly live: boolean; readonly counts: Counts };
type Sums = Readonly<Record<string, number>>;

/** Names in a note; beyond them it says how many more. */
const OVERLAPS_NAMED_MAX = 5;
const SECOND_US = 1e6;
const COUNTED_AT_ONCE = 10_000;
const CLINICAL = Object.entries<{ readonly clinical?: true }>(attributes)
  .flatMap(([name, it]) => (it.clinical === true ? [`'${name}'`] : []))
  .join(", ");

export function coverageOf(store: Store, recording: string): Coverage {
  const steps = coverageSteps(store, recording);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** In steps, since a hospital's conversations take seconds to count. */
export function* coverageSteps(store: Store, recording: string): Generator<undefined, Coverage> {
  const counts = yield* counted(store);
  const runs = store
    .all<Row>(
      `SELECT input, sensor, live, sequence, missing, state, trouble, first, last, frames, bytes, drops, duplicates, gaps, counts
       FROM run WHERE substr(run, 1, ${EVIDENCE_RUN.length}) <> ? ORDER BY number`,
      EVIDENCE_RUN,
    )
    .map((row): Run => ({ ...row, live: row.live === 1, counts: JSON.parse(row.counts) as Counts }));
  return {
    recording,
    frames: total(runs, "frames"),
    bytes: total(runs, "bytes"),
    malformed: Object.values(summed(runs, (it) => it.malformed)).reduce((a, b) => a + b, 0),
    gaps: total(runs, "gaps"),
    duplicates: total(runs, "duplicates"),
    drops: total(runs, "drops"),
    ...spanOf(runs),
    devices: counts.devices,
    conversations: counts.conversations,
    inputs: [...Map.groupBy(runs, (run) => `${run.sensor} ${run.input}`).values()].map((of) => inputOf(of, counts)),
    limits: summed(runs, (it) => it.limits),
    unheard: summed(runs, (it) => it.unheard),
    notes: notesOf(store, runs),
  };
}

interface Counted extends Surroundings {
  readonly devices: number;
  readonly conversations: number;
}

/** By the numbers of endpoints, which are those of devices too. */
function* counted(store: Store): Generator<undefined, Counted> {
  const { last } = store.get<{ last: number }>("SELECT coalesce(max(number), 0) AS last FROM endpoint")!;
  const claims = (which: string, from: number, to: number) =>
    store.get(`SELECT 1 FROM claim WHERE endpoint >= ? AND endpoint < ? AND ${which} LIMIT 1`, from, to) !== undefined;
  const sum = { devices: 0, conversations: 0, clinical: false, dhcp: false };
  for (let from = 0; from <= last; from += COUNTED_AT_ONCE) {
    const to = from + COUNTED_AT_ONCE;
    const { devices, clinical } = store.get<{ devices: number; clinical: number }>(
      `SELECT count(*) AS devices, count(*) FILTER (WHERE kind IS NOT NULL AND life_critical <> 'other') AS clinical
       FROM device WHERE id >= ? AND id < ? AND standing NOT IN ('group', 'outside')`,
      from,
      to,
    )!;
    sum.devices += devices;
    sum.clinical ||= clinical > 0;
    sum.conversations += store.get<{ count: number }>(
      "SELECT count(*) AS count FROM conversation WHERE client >= ? AND client < ?",
      from,
      to,
    )!.count;
    sum.clinical ||= claims(`attribute IN (${CLINICAL})`, from, to);
    sum.dhcp ||= claims("protocol IN ('dhcp', 'dhcp6')", from, to);
    yield;
  }
  return sum;
}

/** A file is one run; an interface has one for each time listening began. */
function inputOf(runs: readonly Run[], around: Surroundings): InputCoverage {
  const { input, live, state } = runs.at(-1)!;
  const sum = (of: (counts: Counts) => number | undefined) => runs.reduce((all, { counts }) => all + (of(counts) ?? 0), 0);
  const heard = {
    name: input,
    live,
    frames: total(runs, "frames"),
    bytes: total(runs, "bytes"),
    drops: total(runs, "drops"),
    duplicates: total(runs, "duplicates"),
    ...spanOf(runs),
  };
  const verdict = mirrorVerdict({
    ...heard,
    ...around,
    // Time in which nobody listened tells nothing of the mirror.
    seconds: runs.reduce((all, { first, last }) => all + (first === null || last === null ? 0 : last - first), 0) / SECOND_US,
    cut: sum((it) => it.cut),
    broadcast: sum((it) => it.broadcast),
    multicast: sum((it) => it.multicast),
    flowsTwoWay: sum((it) => it.flowsTwoWay),
    flowsOneWay: sum((it) => it.flowsOneWay),
    unheard: summed(runs, (it) => it.unheard),
    vlans: summed(runs, (it) => it.vlans),
  });
  return { ...heard, verdict, state: runs.some((run) => run.state === "half-read") && !live ? "half-read" : state };
}

function notesOf(store: Store, runs: readonly Run[]): string[] {
  const said = store.all<{ words: string }>("SELECT words FROM note ORDER BY number").map(({ words }) => words);
  const troubles = runs
    .filter(({ trouble }) => trouble !== "" && !said.some((words) => words.includes(trouble)))
    .map(({ input, trouble }) => `${input} is half-read: ${trouble}. What was read before it is kept.`);
  const missing = runs
    .filter((run) => run.missing > 0)
    .map((run) => `${run.missing} of ${run.sequence + run.missing} batches of ${run.input} never came: what was heard in them is missing.`);
  return [...said, ...troubles, ...missing, ...runs.flatMap(oddities), ...overlaps(runs)];
}

/** What of a capture could only be taken in part, as far as it is not plain from its other figures. */
function oddities({ input, frames, counts }: Run): readonly string[] {
  const of = (count: number) => `${thousands(count)} of ${thousands(frames)} frames of ${input}`;
  const words: string[] = [];
  const { timeBackwards = 0, unheard = {}, malformed = {} } = counts;
  if (timeBackwards > 0)
    words.push(`${of(timeBackwards)} were stamped earlier than one before them: they count as heard at the latest time.`);
  if ((unheard["linkType"] ?? 0) > 0)
    words.push(
      `${of(unheard["linkType"]!)} came over a kind of link that is not read: expected Ethernet, IP, loopback, Linux cooked, 802.11 or PPP.`,
    );
  if ((malformed["tooDeep"] ?? 0) > 0)
    words.push(`${of(malformed["tooDeep"]!)} lay in more tunnels than are followed: what is deepest in them was not heard.`);
  return words;
}

/** The same traffic in two files counts twice, unless the files are the same to the byte. */
function overlaps(runs: readonly Run[]): string[] {
  const files = runs.filter((run) => !run.live && run.first !== null && run.frames > 0).toSorted((a, b) => a.first! - b.first!);
  const notes: string[] = [];
  let latest = files[0];
  for (const file of files.slice(1)) {
    if (file.first! < latest!.last!)
      notes.push(`${latest!.input} and ${file.input} overlap in time: what was captured in both counts twice.`);
    if (file.last! > latest!.last!) latest = file;
  }
  const more = notes.length - OVERLAPS_NAMED_MAX;
  return more > 0 ? [...notes.slice(0, OVERLAPS_NAMED_MAX), `${more} of ${files.length} files more overlap in time.`] : notes;
}

function spanOf(runs: readonly Run[]): { readonly from: number | null; readonly to: number | null } {
  const heard = runs.filter((run) => run.first !== null && run.last !== null);
  if (heard.length === 0) return { from: null, to: null };
  return { from: Math.min(...heard.map((run) => run.first!)), to: Math.max(...heard.map((run) => run.last!)) };
}

function total(runs: readonly Run[], name: "frames" | "bytes" | "drops" | "duplicates" | "gaps"): number {
  return runs.reduce((sum, run) => sum + run[name], 0);
}

/** By name, so that the same counts are the same text. */
function summed(runs: readonly Run[], of: (counts: Counts) => Readonly<Partial<Record<string, number>>> | undefined): Sums {
  const sums: Record<string, number> = {};
  for (const { counts } of runs)
    for (const [name, count] of Object.entries(of(counts) ?? {})) sums[name] = (sums[name] ?? 0) + (count ?? 0);
  return Object.fromEntries(Object.entries(sums).sort(([a], [b]) => (a < b ? -1 : 1)));
}
