/** Who logs in at its page tells the password to anyone on the way (RFC 7617 section 4). */
import type { Condition } from "../model/weakness.ts";
import { answering, asksAtItsPage } from "./heard.ts";

export const webLogInInTheClear: Condition = {
  name: "web-log-in-in-the-clear",
  kind: "exposure",
  title: "Its page asks for a password without TLS",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Have HTTPS turned on and HTTP turned off with the maker's instructions, at the next service. Change the password afterwards: it was told.",
  control: "Let only the stations that log in at its page reach it.",
  cured: "Its page has not asked for a password without TLS for 14 days",
  minutes: 45,
  source: "RFC 7617 section 4; RFC 9110 section 17.16.1",
  misses: "Log-ins in forms of a page, since what is typed there is not read; pages nobody opened while we listened.",

  *examine(device) {
    if (asksAtItsPage(device)) yield* answering(device, (it) => it.protocol === "http" && it.clear);
  },
};
