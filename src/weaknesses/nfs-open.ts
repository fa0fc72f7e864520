/** Files given to whoever says he is the right machine (RFC 1813: NFS 3 trusts what the client says). */
import type { Condition } from "../model/weakness.ts";
import { answering } from "./heard.ts";

export const nfsOpen: Condition = {
  name: "nfs-open",
  kind: "exposure",
  title: "Files are given by NFS",
  severity: "medium",
  harms: ["device", "patient"],
  remedy:
    "Have it give each folder only to the machines that need it, and to read only where that will do; ask the maker for Kerberos where images or results lie there.",
  control: "Let only the machines that mount from it reach TCP and UDP 2049 and 111.",
  cured: "NFS has not answered for 14 days",
  minutes: 45,
  source: "RFC 1813 section 4.4; RFC 2623 section 2",
  misses: "Whether Kerberos protects it; a server nobody mounted from while we listened.",

  examine: (device) =>
    answering(device, ({ protocol, operations }) => protocol === "oncrpc" && operations.some((it) => it === "NFS" || it === "MOUNT")),
};
