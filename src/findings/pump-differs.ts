/** A pump says that it is set to another rate than it was told, though it tells of no hand on it and nobody ordered another. */
import type { Claimed, News, Watch } from "../model/finding.ts";

export const pumpDiffers: Watch<Readonly<Record<string, never>>> = {
  name: "pump-differs",
  title: "A pump is set to something else than was ordered",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Have a nurse look at the pump first: compare drug, rate and volume on its display with the order, and let the ward decide. Then ask whether somebody changed it at the pump, and whether its reports or its orders pass a program that changes them.",
  technique: ["T0836 Modify Parameter", "T0856 Spoof Reporting Message"],
  sees: "Two reports in a row (IHE PCD-01) whose programmed rate is more than 5 % from the order the pump began, with no event of a hand on it and no other order between.",
  misses: "Pumps whose events (PCD-10) are not heard: what somebody set by hand there cannot be told from anything else.",
  mistaken: "A change by hand tells itself by an event; the moment in which a program changes is one report.",
  tune: "Let the mirror hear the events of the pumps too.",
  hears: { programs: true },
  subject: "pump",
  subjectsMax: 65_536,
  remember: () => ({}),
  notice,
};

function* notice(news: News): Iterable<Claimed> {
  if (news.news !== "program" || news.dose.ofOrdered === null) return;
  const { at, dose, pump, sender, witnesses } = news;
  const text = `set to ${dose.ofOrdered} times what was ordered, with no hand on it told of`;
  yield { story: "", about: pump, others: [sender], first: at, at, count: 1, summary: text, because: [{ at, text }], witnesses };
}
