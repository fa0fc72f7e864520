/** It asks its neighbors where the proxy is, and believes whoever answers. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const asksNeighbors: Condition = {
  name: "asks-neighbors",
  kind: "exposure",
  title: "It asks its neighbors for names (LLMNR, NetBIOS)",
  severity: "low",
  harms: ["network"],
  remedy:
    "Have LLMNR and NetBIOS name service turned off by the domain's policy, or on the device with the maker's consent; names come from DNS.",
  control: "Keep it on a segment without workstations.",
  cured: "It has not asked its neighbors for 14 days",
  minutes: 15,
  source: "MITRE T1557.001; MS-LLMNRP; RFC 4795 section 5",
  misses: "Whoever asks for other names than the proxy's, which say what a person typed and are not kept.",

  examine: (device) =>
    saying(
      device,
      ({ attribute, protocol }) => attribute === "wants" && (protocol === "llmnr" || protocol === "nbns"),
      ({ value, protocol }) => `It asked all its neighbors for “${value}” by ${protocol}`,
    ),
};
