/** X11 has no password of its own: who is let in sees and types (X Window System Protocol, section 8). */
import type { Condition } from "../model/weakness.ts";
import { answering } from "./heard.ts";

export const screenOfX11: Condition = {
  name: "screen-of-x11",
  kind: "exposure",
  title: "Its screen may be open by X11",
  severity: "medium",
  harms: ["device", "patient"],
  remedy: "Ask the maker how to have X11 listen to the device alone; by SSH it can still be reached.",
  control: "Let nobody reach TCP 6000 to 6009 of it.",
  cured: "TCP 6000 to 6009 have not answered for 14 days",
  minutes: 30,
  source: "IANA: x11 6000 to 6063; CVE-1999-0526",
  misses: "X11 is known by its port alone, so this stays possible until a person says so.",

  examine: (device) =>
    answering(device, ({ transport, port, protocol }) => transport === "tcp" && port >= FIRST && port <= LAST && protocol === null, {
      answer: "possible",
    }),
};

const FIRST = 6000;
const LAST = 6009;
