/** Feeds from where their publishers publish them, laid into a folder as they are: there they are read like those a person brings. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { csvRecords } from "../../bytes/csv.ts";
import { fetched } from "./fetched.ts";

export interface Publishers {
  /** CISA's KEV. */
  readonly exploited: string;
  /** FIRST's EPSS. */
  readonly likelihood: string;
  /** endoflife.date. */
  readonly support: string;
  /** A CSAF distribution with `changes.csv` (section 7.1.13): CISA's of operational technology, medical devices among it. */
  readonly advisories: string;
}

export const PUBLISHERS: Publishers = {
  exploited: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
  likelihood: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
  support: "https://endoflife.date/api/v1/products/full",
  advisories: "https://raw.githubusercontent.com/cisagov/CSAF/develop/csaf_files/OT/white/",
};

const BYTES_MAX = 100_000_000;
const ADVISORY_BYTES_MAX = 10_000_000;
/** All medical ones CISA ever published are a tenth of it. */
const ADVISORIES_MAX = 2_000;
const MEDICAL = /^\d{4}\/icsma-[a-z0-9_-]{1,40}\.json$/;

/** `since`: YYYY-MM-DD of the advisories that serve; newer ones are fetched. Answers what could not be fetched, a line each. */
export async function fetchFeeds(into: string, publishers: Publishers, since: string): Promise<readonly string[]> {
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
  await trying(() => fetchAdvisories(join(into, "csaf"), publishers.advisories, since));
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

function keep(folder: string, name: string, bytes: Uint8Array): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
