/** Windows' own way to a screen from afar: what ransomware comes by most, and BlueKeep. */
import type { Condition } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";
import { answering } from "./heard.ts";

export const remoteDesktop: Condition = {
  name: "remote-desktop",
  kind: "exposure",
  title: "A medical device is reached by remote desktop",
  severity: "medium",
  harms: ["device", "patient"],
  remedy:
    "Ask the maker how it is serviced, and have remote desktop turned off between services; where it must stay, with network level authentication.",
  control: "Let only the service station or the hospital's gateway for remote desktops reach TCP 3389.",
  cured: "Remote desktop has not answered for 14 days",
  minutes: 30,
  source: "CISA AA20-073A; CVE-2019-0708 (BlueKeep); MS-RDPBCGR section 5.3",
  misses: "A service nobody connected to while we listened; workstations and servers that are no medical devices, where its use is common.",

  *examine(device) {
    const isOld = device.said.some(({ attribute, value }) => attribute === "dialect" && value === "RDP without TLS");
    if (isMedical(device) || isOld)
      yield* answering(
        device,
        ({ protocol }) => protocol === "rdp" || protocol === "citrix",
        isOld ? { severity: "high", title: "It is reached by remote desktop without TLS" } : {},
      );
  },
};
