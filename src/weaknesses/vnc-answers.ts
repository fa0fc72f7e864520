/** Its screen and keyboard from afar, in the clear (RFC 6143 section 7.1.2: at most a password of eight letters). */
import type { Condition } from "../model/weakness.ts";
import { answering } from "./heard.ts";

export const vncAnswers: Condition = {
  name: "vnc-answers",
  kind: "exposure",
  title: "Its screen is shared by VNC",
  severity: "medium",
  harms: ["device", "patient"],
  remedy:
    "Ask the maker how it is serviced without VNC, or have VNC run only while somebody at the device allows it, with a password of its own.",
  control: "Let only the service station reach its VNC port, and only while it is serviced.",
  cured: "VNC has not answered for 14 days",
  minutes: 30,
  source: "RFC 6143 section 9; ICS advisories name it for imaging and monitoring devices",
  misses: "VNC within TLS or SSH; a server nobody connected to while we listened.",

  *examine(device) {
    const isOpen = device.said.some(({ attribute, value }) => attribute === "dialect" && value === "VNC without a password");
    yield* answering(
      device,
      ({ protocol }) => protocol === "rfb",
      isOpen ? { severity: "high", title: "Its screen is shared by VNC without a password" } : {},
    );
  },
};
