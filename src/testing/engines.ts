/** The same batches kept by either engine, and what each then answers. */
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";
import type { PolicyQuestion } from "../model/policy-report.ts";
import { openReader } from "../reader.ts";

/** Writes them to a recording, wherever it is kept, and works everything out. `every`: of so many batches a flush. */
export function kept(path: string, batches: readonly Batch[], every = Number.POSITIVE_INFINITY): void {
  const core = new Core({ path, site: "main", ownRanges: [] });
  try {
    const runs = new Set<string>();
    for (const [place, batch] of batches.entries()) {
      core.take(batch);
      runs.add(batch.run);
      if ((place + 1) % every === 0) core.flush();
    }
    for (const run of runs) core.ended(run, "");
    core.settle();
  } finally {
    core.close();
  }
}

/** What pages and commands ask of a recording, each by its name. */
export async function answersOf(path: string): Promise<ReadonlyMap<string, unknown>> {
  const reader = await openReader(path);
  const answers = new Map<string, unknown>();
  const all = { offset: 0, limit: 1_000 };
  const walls = { walls: [], ownRanges: [] };
  const policy: PolicyQuestion = { text: null, file: "learned", only: [], ownRanges: [] };
  try {
    const page = await reader.devices({ filter: "", sort: "name", descending: false, ...all });
    answers.set("devices", page);
    for (const filter of ["pump", "last < 1d and kind ~ monitor", "ip = 10.0.0.0/8", "standing = outside"])
      answers.set(filter, await reader.devices({ filter, sort: "last", descending: true, ...all }));
    answers.set("facets", await reader.facets("", ["kind", "maker", "os"]));
    for (const { id } of page.rows) {
      answers.set(id, await reader.device(id));
      answers.set(`${id} converses`, await reader.conversations(id, 0, 1_000));
      answers.set(`${id} is weak in`, await reader.weaknessesOf(id));
    }
    answers.set("coverage", { ...(await reader.coverage()), recording: "" });
    answers.set("changes", await reader.changes(0, 1_000));
    answers.set("waiting", await reader.waiting());
    answers.set("findings", await reader.findings({ states: [], ...all }));
    answers.set("weaknesses", await reader.weaknesses({ dismissed: true, ...all }));
    answers.set("risks", await reader.risks({ ...walls, ...all }));
    answers.set("today", await reader.today({ ...walls, hours: 8 }));
    answers.set("do not scan", await reader.doNotScan({ states: [], days: 90, ...all }));
    answers.set("guards", await reader.guards());
    answers.set("lifecycle", await reader.lifecycle("kind"));
    const learned = await reader.policy(policy);
    // Of the recording it holds the last change's hash, which is under the recording's own key.
    answers.set("policy", { ...learned, hashes: { ...learned.hashes, recording: "" } });
    answers.set("flows of findings", await reader.findingFlows());
  } finally {
    await reader.close();
  }
  return answers;
}

/** The same words of people, as they come from pages: of devices, of a finding, and one taken back. */
export async function said(path: string): Promise<void> {
  const reader = await openReader(path);
  const devices = await reader.devices({ filter: "standing = device", sort: "id", descending: false, offset: 0, limit: 40 });
  const [finding] = (await reader.findings({ states: [], offset: 0, limit: 1 })).rows;
  await reader.close();
  const core = new Core({ path, site: "main", ownRanges: [] });
  const by = { who: "a biomed", reason: "seen at the bedside" };
  const at = 1_800_000_000_000_000;
  try {
    const [one, two, three] = devices.rows.filter(({ ips }) => ips.length > 0).map(({ id }) => id) as [string, string, string];
    core.say({ ...by, device: one, attribute: "location", value: "Räume 9" }, at);
    core.say({ ...by, device: two, attribute: "owner", value: 'ICU \\ {"1"}, NULL' }, at + 1);
    core.say({ ...by, device: two, attribute: "kind", value: "infusion pump" }, at + 2);
    core.undo(3, by.who, "it is none", at + 3);
    core.merge({ ...by, device: two, other: three }, at + 4);
    core.sayOfScanning({ ...by, about: one, word: "list", until: null }, at + 5);
    if (finding !== undefined) core.sayOfFinding({ ...by, finding: finding.id, word: { what: "acknowledge" } }, at + 6);
    core.settle();
  } finally {
    core.close();
  }
}
