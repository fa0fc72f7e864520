/**
 * A pump is told a rate far from any it should be told: above the pharmacy's hard limit, above all that was ever accepted of this drug and
 * kind of order, or many times the rate before of the same order. Only ratios are known here (model/program.ts).
 */
import type { Dose } from "../model/program.ts";
import type { Claimed, News, Severity, Watch } from "../model/finding.ts";

/** Harm-notes 7, its recommended rule: 0.1 false of 1,000 made-up orders, none of 2,000 in resuscitations. */
const OF_LARGEST = 2;
const SPREADS = 4;
const OF_USUAL = 4;
const OF_PREVIOUS = 5;

interface Memory {
  /** Orders for this pump since it is heard. */
  orders: number;
}

export const doseBeyond: Watch<Memory> = {
  name: "dose-beyond",
  title: "A pump is told far more than it should be",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Have a nurse look at the pump first: compare drug, rate and volume on its display with the order, and let the ward decide. The pump infuses on without the network, so nothing is gained by parting it from there. Then ask the pharmacy about the order, and look at the machine that sent it.",
  technique: ["T0836 Modify Parameter", "T0855 Unauthorized Command Message"],
  sees: "Orders to pumps (IHE PCD-03): a rate above the pharmacy's hard limit for this drug and kind of order; above twice the largest accepted so far, or 4 spreads and 4 times the usual and above the largest; 5 times the rate before of the same order in one step, where that is above 95 of 100 accepted ones. A slip of units is named where the ratio shows one.",
  misses:
    "Orders in encrypted or unpublished protocols, and those set at the pump by hand. Too little of a drug. Ten times the rate where no limit is known, no order runs and the usual is wide: then it cannot tell. The first 20 accepted orders of a drug, while its usual is being learned.",
  mistaken:
    "Resuscitation changes rates often, in steps of up to four times. Loading doses, boluses, PCA and epidurals are compared with their own kind only. A flush at 999 mL/h is usual where it is usual.",
  tune: "Import the pharmacy's hard limits (auscult limits). Give flush lines a drug code of their own.",
  hears: { programs: true },
  subject: "pump",
  subjectsMax: 65_536,
  remember: () => ({ orders: 0 }),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "program" || news.dose.said !== "order") return;
  memory.orders++;
  const { at, dose, pump, sender, witnesses } = news;
  const why = reasons(dose);
  if (why.length === 0) return;
  const facts = [
    ...why.map(({ text }) => text),
    ...(dose.slip === null
      ? []
      : [`the ratio is that of a slip of ${dose.slip === "weight" ? "the patient's weight" : `${dose.slip} times`}`]),
    ...(dose.atOnce ? ["its whole volume would be through within ten minutes"] : []),
  ];
  yield {
    story: "",
    about: pump,
    others: [sender],
    severity: why.some(({ severity }) => severity === "critical") ? "critical" : "high",
    first: at,
    at,
    count: 1,
    summary: `told ${facts.join("; ")}`,
    because: facts.map((text) => ({ at, text: `told ${text}` })),
    witnesses,
  };
}

function reasons(dose: Dose): { readonly severity: Severity; readonly text: string }[] {
  const { ofLimit, ofUsual, ofLargest, ofHigh, spreads, ofPrevious } = dose;
  const found: { readonly severity: Severity; readonly text: string }[] = [];
  // A pump's own library would have refused it: it came another way.
  if (ofLimit !== null && ofLimit > 1)
    found.push({ severity: "critical", text: `${times(ofLimit)} the pharmacy's hard limit for this drug and kind of order` });
  if (ofUsual !== null && ofLargest !== null && spreads !== null)
    if (ofLargest > OF_LARGEST || (spreads > SPREADS && ofUsual > OF_USUAL && ofLargest > 1))
      found.push({
        severity: "high",
        text: `${times(ofUsual)} the usual rate of this drug and kind of order, and ${times(ofLargest)} the largest accepted`,
      });
  // Where nothing is known of the drug, a step in the order at hand is all there is to go by.
  if (ofPrevious !== null && ofPrevious >= OF_PREVIOUS && (ofHigh === null || ofHigh > 1))
    found.push({ severity: "high", text: `${times(ofPrevious)} the rate before of the same order, in one step` });
  return found;
}

function times(ratio: number): string {
  return ratio >= 1_000 ? "1,000 times or more" : `${ratio} times`;
}
