/** A machine says what it is to somebody, in the clear and in nobody's protocol: so one reports that was taken, to whoever steers it. */
import { counted } from "../bytes/thousands.ts";
import { atOnce } from "./at-once.ts";

export const machineIntroduced = atOnce({
  name: "machine-introduced",
  title: "A machine introduces itself in a protocol nobody knows",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Ask whoever looks after the machine which program tells of it, and to whom. If nobody knows, tell the security team: somebody may see its screen and steer it. Let them decide with the ward how it is kept from others without taking it from a patient, and keep it as it is for who looks into it.",
  technique: ["T1219 Remote Access Tools", "T1082 System Information Discovery", "T1095 Non-Application Layer Protocol"],
  sees: "The name of a version of Windows and a processor's brand in one line of text, as the first that one side says on a connection of no known protocol.",
  misses: "Introductions that are encrypted, packed or in wide characters, those by HTTP, and those of other systems.",
  mistaken: "A maker's or an inventory's agent with a protocol of its own in the clear.",
  tune: "Explain the finding for such an agent's server.",
  heard: {
    machineIntroduced: { says: (count) => `System and processor told in the clear on ${counted(count, "connection")} of no protocol` },
  },
  hits: "sender",
});
