/**
 * openFDA's recalls of devices as it publishes them, JSON: `device/enforcement` has the class, `device/recall` the firm's act. An answer of
 * its API, or all of them in one file or several ("device-recall-0001-of-0002.json"), which are whole only together.
 */
import { z } from "zod";
import { recallRecord, RECALL_SOURCES } from "../../knowledge/recalls.ts";
import type { PublishedRecall } from "../../model/recall.ts";
import type { ReadFeed } from "./index.ts";
import { asPublished, Day } from "./wrong-feed.ts";

const RecallNumber = z.string().regex(/^Z-\d{3,5}-\d{4}$/, "expected a recall's number such as Z-0123-2026");
const Words = z.string().default("");
/** "20260301" or "2026-03-01". */
const FdaDay = z.string().transform((it) => it.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3")).pipe(Day); // prettier-ignore
const Answer = z.object({
  meta: z.object({
    last_updated: Day,
    results: z.object({ skip: z.number().int().min(0), limit: z.number().int().min(0), total: z.number().int().min(0) }),
  }),
  results: z.array(z.unknown()),
});
const Enforcement = z.object({
  recall_number: RecallNumber,
  report_date: FdaDay,
  status: z.string(),
  classification: Words,
  recalling_firm: z.string().min(1),
  product_description: Words,
  code_info: Words,
  reason_for_recall: Words,
});
const Act = z.object({
  product_res_number: RecallNumber,
  event_date_posted: FdaDay,
  recall_status: Words,
  recalling_firm: z.string().min(1),
  product_description: Words,
  code_info: Words,
  reason_for_recall: Words,
});

const CLASSES: Readonly<Record<string, PublishedRecall["class"]>> = { "Class I": "I", "Class II": "II", "Class III": "III" };

export function isOfOpenFda(value: object): boolean {
  return "meta" in value && "results" in value;
}

/** Throws an Error for people with the place; of one that has other recalls than of devices too. */
export function readRecalls(value: object, file: string): ReadFeed {
  const { meta, results } = asPublished(Answer, value);
  const { skip, limit, total } = meta.results;
  const part = PART.exec(file);
  // A file of several counts only itself; an answer of the API counts what it left out.
  const expected = part === null ? Math.min(limit, Math.max(0, total - skip)) : results.length;
  if (results.length !== expected) throw new Error(`results: expected ${expected}, as meta.results says, got ${results.length}`);
  if (results.length === 0) throw new Error("results: expected recalls, got none");
  const isEnforcement = typeof results[0] === "object" && results[0] !== null && "recall_number" in results[0];
  const records = results.map((it, at) => {
    try {
      return isEnforcement ? ofEnforcement(asPublished(Enforcement, it)) : ofAct(asPublished(Act, it));
    } catch (error) {
      throw new Error(`results[${at}].${(error as Error).message}`, { cause: error });
    }
  });
  const source = RECALL_SOURCES[isEnforcement ? "enforcement" : "recall"];
  return {
    name: "recalls",
    source,
    day: meta.last_updated,
    records,
    ...(part === null ? {} : { part: { of: Number(part[2]), all: total } }),
  };
}
const PART = /-(\d{4})-of-(\d{4})\.json$/;

function ofEnforcement(it: z.infer<typeof Enforcement>): string {
  const { recall_number: number, report_date: day, status, classification, recalling_firm: firm } = it;
  return recallRecord({ number, day, firm, class: CLASSES[classification] ?? "", ...saidIn(it) }, CLOSED.test(status));
}

function ofAct(it: z.infer<typeof Act>): string {
  const { product_res_number: number, event_date_posted: day, recall_status: status, recalling_firm: firm } = it;
  return recallRecord({ number, day, firm, class: "", ...saidIn(it) }, CLOSED.test(status));
}

function saidIn(it: Pick<z.infer<typeof Act>, "product_description" | "code_info" | "reason_for_recall">) {
  return { product: it.product_description, codes: it.code_info, reason: it.reason_for_recall };
}

/** "Terminated" as enforcement says it, "Terminated" or "Closed" as the act does. */
const CLOSED = /^(?:terminated|closed)\b/i;
