/** What `auscult doctor` says of what a site brought: newer knowledge that serves, that is damaged, or that ours has overtaken; its own files that cannot be read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { feedHead, ourFeeds, SITE_FEED } from "../knowledge/feeds.ts";
import { keptOutIn, keptOutInWords } from "../knowledge/kept-out.ts";
import { recallsIn } from "../link/recalls.ts";
import { feedsFolder } from "../link/site-feeds.ts";
import { siteLimitsIn } from "../link/site-limits.ts";
import { siteRegistryIn } from "../link/site-registry.ts";
import { teamIn } from "../link/team.ts";
import type { Finding } from "./doctor.ts";

/** Nothing is said where the site brought nothing. */
export function siteKnowledge(data: string): readonly Finding[] {
  return [...registry(data), ...feeds(feedsFolder(data)), ...keptOut(feedsFolder(data)), ...siteFiles(data)];
}

const BRING_AGAIN = ["auscult update", "auscult update --back"];

function registry(data: string): readonly Finding[] {
  const site = siteRegistryIn(data);
  if (site === null) return [];
  const about = "MAC prefixes";
  if (site.prefixes === null) return [{ about, state: "wrong", words: `${site.file} is damaged: ours serve`, cure: BRING_AGAIN }];
  return [{ about, state: "ok", words: `${site.prefixes} of the IEEE, brought up to date on ${site.made.toISOString().slice(0, 10)}` }];
}

function feeds(folder: string): readonly Finding[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => SITE_FEED.test(name)).toSorted() : []; // prettier-ignore
  return names.map((name): Finding => {
    const about = "Feeds";
    const file = join(folder, name);
    const head = feedHead(readFileSync(file, "utf8"));
    const ours = ourFeeds();
    if (head === null) {
      const kind = SITE_FEED.exec(name)![1];
      const serves = ours.some((it) => it.name === kind) ? "what Auscult brought along serves" : "nothing serves in its place";
      return { about, state: "wrong", words: `${file} is damaged: ${serves}`, cure: BRING_AGAIN };
    }
    const newer = ours.find((it) => it.head.source === head.source && it.head.day > head.day);
    if (newer !== undefined)
      return { about, state: "note", words: `${head.source} of ${head.day} is older than that of ${newer.head.day}, which Auscult brought along and which serves`, cure: ["auscult update"] };
    return { about, state: "ok", words: `${head.source} of ${head.day}, ${head.records} records` };
  });
} // prettier-ignore

/** What was brought and not taken is older than people think, until it is brought whole. */
function keptOut(folder: string): readonly Finding[] {
  return keptOutIn(folder).map((it) => ({ about: "Feeds", state: "wrong", words: keptOutInWords(it), cure: ["auscult update"] }));
}

/** Files of the site's own that only its people can mend. */
const SITE_FILES = [
  ["Recalls", recallsIn],
  ["Team", teamIn],
  ["Limits", siteLimitsIn],
] as const;

function siteFiles(data: string): readonly Finding[] {
  return SITE_FILES.flatMap(([about, read]): Finding[] => {
    try {
      read(data);
      return [];
    } catch (error) {
      return [{ about, state: "wrong", words: (error as Error).message }];
    }
  });
}
