/**
 * A pump tells of a library of drugs older than one it had. Versions that differ between pumps are a release on its way, and so is a new one;
 * going back is none.
 */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SAYS = "drug library ";
const VERSIONS_MAX = 16;

interface Memory {
  /** In the order in which they came. */
  versions: string[];
}

export const libraryBack: Watch<Memory> = {
  name: "library-back",
  title: "A pump's drug library went back",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Have a nurse look at the pump first: it may allow rates that the hospital's library refuses, so what runs is checked against the order by hand. Then ask pharmacy and biomedical engineering whether they gave it an older library, and who else could.",
  technique: ["T0843 Program Download", "T0836 Modify Parameter"],
  sees: "A report (IHE PCD-01) whose version of the drug library this pump had before and had left, or whose number is lower than the latest it had.",
  misses: "A forged library with a higher number; pumps that do not report their library.",
  mistaken: "A release on its way: pumps differ for days, and each goes forward.",
  tune: "Announce a release that is taken back as planned work.",
  hears: { attributes: ["description"] },
  subject: "sender",
  subjectsMax: 65_536,
  remember: () => ({ versions: [] }),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "observation" || news.about.child === null || !news.value.startsWith(SAYS)) return;
  const { at, about } = news;
  const version = news.value.slice(SAYS.length);
  const latest = memory.versions.at(-1);
  if (version === latest) return;
  const wasLeft = memory.versions.includes(version);
  const isLower = latest !== undefined && isBelow(version, latest);
  memory.versions = [...memory.versions, version].slice(-VERSIONS_MAX);
  if (!wasLeft && !isLower) return;
  const text = wasLeft
    ? "reports a drug library it had before and had left"
    : "reports a drug library with a lower number than the one it had";
  yield { story: "", about, others: [], first: at, at, count: 1, summary: text, because: [{ at, text }] };
}

/** Number by number; where one has words in it nobody can tell. */
function isBelow(version: string, other: string): boolean {
  if (!NUMBERS.test(version) || !NUMBERS.test(other)) return false;
  const [a, b] = [version, other].map((it) => it.split(".").map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(a.length, b.length); i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) < (b[i] ?? 0);
  return false;
}
const NUMBERS = /^\d{1,6}(?:\.\d{1,6}){0,3}$/;
