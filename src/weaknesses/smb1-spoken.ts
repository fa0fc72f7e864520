/** The oldest form of Windows' file sharing: what WannaCry and NotPetya came by. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const smb1Spoken: Condition = {
  name: "smb1-spoken",
  kind: "exposure",
  title: "SMB 1 is spoken",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Ask the maker whether it works without SMB 1, and have it turned off at the next service. Find out before which old machine still needs it: that one goes first.",
  control: "Let only the machines that share files with it reach TCP 445 and 139.",
  cured: "SMB 1 has not been spoken for 14 days",
  minutes: 60,
  source: "Microsoft, “Stop using SMB1” (2016); MS17-010; ICS-ALERT-17-135-01",
  misses: "A server that would speak it, where every client asked for a newer one.",

  examine: (device) => saying(device, (it) => it.attribute === "dialect" && it.value === "SMB 1", () => "It answered in SMB 1"), // prettier-ignore
};
