/** What the do-not-scan list is called on the pages, in one place. */
import type { DoNotScanLine, DoNotScanState } from "../../../src/model/do-not-scan.ts";

export const STATE_WORDS: Readonly<Record<DoNotScanState, string>> = {
  listed: "Listed",
  ended: "Ended",
  "no address": "Heard at no address",
  "taken off": "Taken off",
};

/** For each scanner its file, as `auscult do-not-scan export --to` names them. */
export const SCANNERS = [
  ["nmap", "nmap"],
  ["nessus", "Nessus"],
  ["tenable", "Tenable"],
  ["qualys", "Qualys"],
  ["rapid7", "Rapid7"],
] as const;

/** "On the do-not-scan list because it is an infusion pump: …". */
export function lineInWords({ state, reasons: [first], word }: DoNotScanLine): string {
  switch (state) {
    case "listed":
      return first === undefined ? "On the do-not-scan list." : `On the do-not-scan list because ${because(first)}.`;
    case "ended":
      return "Was on the do-not-scan list: its end has passed, and no scanner is told of it any more.";
    case "no address":
      return "Not to be scanned, but heard at no address: no scanner can be told of it.";
    case "taken off":
      return `Taken off the do-not-scan list by ${word?.who ?? ""}: ${word?.reason ?? ""}.`;
  }
}

/** What follows from what is known is a sentence of ours, what a person wrote is his. */
function because({ by, words, source }: DoNotScanLine["reasons"][number]): string {
  return by === "person" ? `${source} said: ${words}` : words;
}
