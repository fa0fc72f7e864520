/** Feeds from where their publishers publish them, laid into a folder as they are: there they are read like those a person brings. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { csvRecords } from "../../bytes/csv.ts";
import { RECALL_SOURCES } from "../../knowledge/recalls.ts";
import { fetched, fetchedIfAny } from "./fetched.ts";

export interface Publishers {
  /** CISA's KEV. */
  readonly exploited: string;
  /** FIRST's EPSS. */
  readonly likelihood: string;
  /** endoflife.date. */
  readonly support: string;
  /** A CSAF distribution with `changes.csv` (section 7.1.13): CISA's of operational technology, medical devices among it. */
  readonly advisories: string;
  /** NVD's API for CVEs, JSON 2.0; asked only for those whose advisory gives no score. */
  readonly severities: string;
  /** openFDA's for devices: `enforcement.json` and `recall.json` below it. */
  readonly recalls: string;
  /** Between two questions to NVD, which asks whoever has no key of its own to rest so long. */
  readonly restMs: number;
}

export const PUBLISHERS: Publishers = {
  exploited: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
  likelihood: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
  support: "https://endoflife.date/api/v1/products/full",
  advisories: "https://raw.githubusercontent.com/cisagov/CSAF/develop/csaf_files/OT/white/",
  severities: "https://services.nvd.nist.gov/rest/json/cves/2.0",
  recalls: "https://api.fda.gov/device/",
  restMs: 6_000,
};

const BYTES_MAX = 100_000_000;
const ADVISORY_BYTES_MAX = 10_000_000;
/** All medical ones CISA ever published are a tenth of it. */
const ADVISORIES_MAX = 2_000;
const MEDICAL = /^\d{4}\/icsma-[a-z0-9_-]{1,40}\.json$/;

/** What is asked for beside all that is there. Days are YYYY-MM-DD. */
export interface Wanted {
  /** Of the advisories that serve; newer ones are fetched. */
  readonly advisoriesSince: string;
  /** By source: of the recalls that serve; of a source that is not named those of the last five years. */
  readonly recallsSince: Readonly<Record<string, string>>;
  /** Scores of these. */
  readonly cves: readonly string[];
  readonly today: string;
}

/** Answers what could not be fetched, a line each. */
export async function fetchFeeds(into: string, publishers: Publishers, wanted: Wanted): Promise<readonly string[]> {
  const troubles: string[] = [];
  const trying = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      troubles.push((error as Error).message);
    }
  };
  const one = (url: string, file: string) => trying(async () => keep(into, file, await fetched(new URL(url), BYTES_MAX)));
  await one(publishers.exploited, "known_exploited_vulnerabilities.json");
  await one(publishers.likelihood, "epss_scores-current.csv.gz");
  await one(publishers.support, "endoflife.json");
  await trying(() => fetchAdvisories(join(into, "csaf"), publishers.advisories, wanted.advisoriesSince));
  await trying(() => fetchSeverities(into, publishers, wanted.cves));
  for (const kind of ["enforcement", "recall"] as const) await trying(() => fetchRecalls(into, publishers.recalls, kind, wanted));
  return troubles;
}

async function fetchAdvisories(into: string, base: string, since: string): Promise<void> {
  const changes = await fetched(new URL("changes.csv", base), ADVISORY_BYTES_MAX);
  // Of the same day there may be one that was published after ours was made.
  const newer = csvRecords(changes.toString("utf8"), ",").filter(([path = "", at = ""]) => MEDICAL.test(path) && at.slice(0, 10) >= since);
  for (const [path = ""] of newer.slice(0, ADVISORIES_MAX)) {
    keep(into, path, await fetched(new URL(path, base), ADVISORY_BYTES_MAX));
    keep(into, `${path}.sha512`, await fetched(new URL(`${path}.sha512`, base), ADVISORY_BYTES_MAX));
  }
}

/** One an answer: it is asked for what is needed, and not for all there is. */
async function fetchSeverities(into: string, { severities, restMs }: Publishers, cves: readonly string[]): Promise<void> {
  for (const [at, cve] of cves.slice(0, SEVERITIES_MAX).entries()) {
    if (at > 0) await setTimeout(restMs);
    keep(into, `nvd-${cve}.json`, await fetched(new URL(`?cveId=${cve}`, severities), ADVISORY_BYTES_MAX));
  }
}
/** Five minutes of questions; the next update asks for the next. */
const SEVERITIES_MAX = 50;

const PUBLISHED_ON = { enforcement: "report_date", recall: "event_date_posted" } as const;
/** What openFDA gives at once, and how far it lets one page on. */
const RECALLS_AT_ONCE = 1_000;
const RECALLS_SKIPPED_MAX = 25_000;
const YEARS_BACK = 5;

async function fetchRecalls(into: string, base: string, kind: keyof typeof PUBLISHED_ON, { recallsSince, today }: Wanted): Promise<void> {
  const since = recallsSince[RECALL_SOURCES[kind]] ?? `${Number(today.slice(0, 4)) - YEARS_BACK}${today.slice(4)}`;
  for (let skip = 0, total = 1; skip < total && skip <= RECALLS_SKIPPED_MAX; skip += RECALLS_AT_ONCE) {
    const asked = `${kind}.json?search=${PUBLISHED_ON[kind]}:[${since}+TO+${today}]&limit=${RECALLS_AT_ONCE}&skip=${skip}`;
    const answer = await fetchedIfAny(new URL(asked, base), BYTES_MAX, "NOT_FOUND");
    if (answer === null) return;
    keep(into, `openfda-${kind}-${skip}.json`, answer);
    total = totalIn(answer);
  }
}

/** 0 where it is no answer of openFDA's: what is wrong with it is said when it is read. */
function totalIn(answer: Buffer): number {
  try {
    return (JSON.parse(answer.toString("utf8")) as { readonly meta?: { readonly results?: { readonly total?: number } } }).meta?.results?.total ?? 0;
  } catch {
    return 0;
  }
} // prettier-ignore

function keep(folder: string, name: string, bytes: Uint8Array): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
