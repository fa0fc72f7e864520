/** Recalls that authorities published and have not closed: openFDA's, where a site brought them. */
import type { PublishedRecall } from "../model/recall.ts";
import { tidied } from "./advisories.ts";
import { feedRecords } from "./feeds.ts";

/** openFDA publishes the same recalls twice: with the class, and with what the device is. */
export const RECALL_SOURCES = { enforcement: "openFDA enforcement", recall: "openFDA recall" } as const;

const PRODUCT_LENGTH_MAX = 400;
const CODES_LENGTH_MAX = 4_000;
const REASON_LENGTH_MAX = 400;

/** A record of no more than number and day says that it is closed. */
export function recallRecord({ number, day, ...said }: PublishedRecall, closed: boolean): string {
  if (closed) return [number, day].join("\t");
  const { firm, product, codes, reason } = said;
  const cells = [cut(firm, PRODUCT_LENGTH_MAX), said.class, cut(product, PRODUCT_LENGTH_MAX), cut(codes, CODES_LENGTH_MAX), cut(reason, REASON_LENGTH_MAX)];
  return [number, day, ...cells].join("\t");
} // prettier-ignore

function cut(text: string, length: number): string {
  const one = tidied(text);
  return one.length <= length ? one : `${one.slice(0, length - 1)}…`;
}

/** Each once: what is said of it in two feeds is joined by its number. */
export function loadRecalls(): readonly PublishedRecall[] {
  const recalls = new Map<string, PublishedRecall>();
  for (const record of feedRecords("recalls")) {
    const [number = "", day = "", firm = "", level = "", product = "", codes = "", reason = ""] = record.split("\t");
    const said = { number, day, firm, class: level as PublishedRecall["class"], product, codes, reason };
    const other = recalls.get(number);
    recalls.set(number, other === undefined ? said : { ...(said.day > other.day ? said : other), class: other.class || said.class });
  }
  return [...recalls.values()];
}
