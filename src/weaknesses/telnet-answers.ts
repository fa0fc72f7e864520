/** A terminal for anyone on the way: name, password and commands cross as they are typed (RFC 854). */
import type { Condition } from "../model/weakness.ts";
import { answering } from "./heard.ts";

export const telnetAnswers: Condition = {
  name: "telnet-answers",
  kind: "exposure",
  title: "Telnet answers",
  severity: "high",
  harms: ["device", "patient"],
  remedy:
    "Ask the maker how to turn Telnet off or to put SSH in its place, and have it done at the next service, when the device treats nobody. Tell whoever logs in by it before.",
  control: "Let only the maintenance station reach its Telnet port.",
  cured: "Telnet has not answered for 14 days",
  minutes: 30,
  source: "RFC 854; IEC 81001-5-1 annex; ICSMA-17-017-02 and others name it",
  misses: "A Telnet service nobody used while we listened: nothing is ever asked of a device.",

  examine: (device) => answering(device, (it) => it.protocol === "telnet" && it.clear),
};
