/** Anyone may fetch, and often bring, a file: TFTP has no log-in at all (RFC 1350). */
import type { Condition } from "../model/weakness.ts";
import { answering } from "./heard.ts";

export const tftpAnswers: Condition = {
  name: "tftp-answers",
  kind: "exposure",
  title: "TFTP gives files without a log-in",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Have it serve only while somebody needs it, from a folder that holds nothing else, and never let files be written by it. Where firmware is fetched by it, ask the maker for signed images.",
  control: "Let only those who start from it, or are set up by it, reach it.",
  cured: "TFTP has not answered for 14 days",
  minutes: 30,
  source: "RFC 1350 section 6 (no access control)",
  misses: "A TFTP service nobody asked while we listened.",

  examine: (device) => answering(device, (it) => it.protocol === "tftp"),
};
