/** FIRST's EPSS as it publishes the scores of a day (CSV) → records of `knowledge/exploited.ts`. */
import { LIKELIHOOD_SOURCE } from "../../knowledge/exploited.ts";
import type { ReadFeed } from "./index.ts";
import { shown } from "./wrong-feed.ts";

/** It scores every CVE there is: 200,000 in 2023. */
const SCORES_MIN = 100_000;
const HEAD = /^#model_version:[^,\n]{1,40},score_date:(\d{4}-\d\d-\d\d)/;
const ROW = /^(CVE-\d{4}-\d{4,7}),(0(?:\.\d{1,12})?|1(?:\.0{1,12})?|\d(?:\.\d{1,12})?e-\d{1,2}),/;

export const SCORES_HEAD = /^#model_version:/;

/** Throws an Error for people with the line. */
export function readScores(text: string): ReadFeed {
  const [head = "", columns = "", ...lines] = text.split(/\r?\n/);
  const day = HEAD.exec(head)?.[1];
  if (day === undefined) throw new Error(`1: expected #model_version and score_date, got ${shown(head)}`);
  if (!columns.startsWith("cve,epss,")) throw new Error(`2: expected the columns cve, epss and percentile, got ${shown(columns)}`);
  if (lines.pop() !== "") throw new Error(`${lines.length + 3}: expected a whole line, got one that stops half-way`);
  if (lines.length < SCORES_MIN) throw new Error(`expected the scores of at least ${SCORES_MIN} vulnerabilities, got ${lines.length}`);
  const records = lines.map((line, at) => {
    const [, cve, probability] = ROW.exec(line) ?? [];
    if (cve === undefined) throw new Error(`${at + 3}: expected a CVE and its probability, got ${shown(line)}`);
    return `${cve}\t${Number(probability)}`;
  });
  return { name: "likelihood", source: LIKELIHOOD_SOURCE, day, records: records.toSorted() };
}
