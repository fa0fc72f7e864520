/** What a medical device shows on its page, and what is set there, crosses as it is. */
import type { Condition } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";
import { answering, asksAtItsPage } from "./heard.ts";

export const pageInTheClear: Condition = {
  name: "page-in-the-clear",
  kind: "exposure",
  title: "A medical device has a page without TLS",
  severity: "low",
  harms: ["device", "patient"],
  remedy: "Ask the maker whether the page can be had by HTTPS only, or be turned off, and have it done at the next service.",
  control: "Let only the stations of those who service it reach its page.",
  cured: "Its page has not answered without TLS for 14 days",
  minutes: 30,
  source: "RFC 9110 section 17.16; IEC TR 80001-2-2 (TXCF)",
  misses: "Pages nobody opened while we listened. What a page says is not read, so a page that says nothing worth hiding counts too.",

  *examine(device) {
    if (isMedical(device) && !asksAtItsPage(device)) yield* answering(device, (it) => it.protocol === "http" && it.clear);
  },
};
