/** Files and passwords cross as they are (RFC 959), and often firmware goes this way. */
import type { Condition } from "../model/weakness.ts";
import { answering, saysItsSecret } from "./heard.ts";

export const ftpAnswers: Condition = {
  name: "ftp-answers",
  kind: "exposure",
  title: "FTP answers",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Ask the maker for SFTP or FTPS in its place, or how to turn FTP off between services, and have it done when the device treats nobody. Tell whoever fetches files from it before.",
  control: "Let only the stations that fetch or bring its files reach its FTP port.",
  cured: "FTP has not answered for 14 days",
  minutes: 30,
  source: "RFC 959; RFC 2577 section 7 (passwords in the clear)",
  misses: "An FTP service nobody used while we listened; one that turns to TLS at once and falls back for others.",

  *examine(device) {
    yield* answering(device, (it) => it.protocol === "ftp" && (!it.operations.includes("AUTH") || saysItsSecret(device, "ftp")));
  },
};
