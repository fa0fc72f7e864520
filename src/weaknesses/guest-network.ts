/** A medical device among visitors' telephones, or in an office. */
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";

export const guestNetwork: Condition = {
  name: "guest-network",
  kind: "exposure",
  title: "A medical device stands in a guest or office network",
  severity: "medium",
  harms: ["device", "patient"],
  remedy:
    "Have its port or its wireless settings moved to the network of medical devices, after its server knows the new address and when it treats nobody.",
  control: "Until then part it from the others there at the switch or access point (private VLAN, client isolation).",
  cured: "It was heard in another network",
  minutes: 30,
  source: "NIST SP 1800-8 section 4 (segmentation); IEC 80001-1:2021",
  misses: "Networks of which the list of networks does not say that guests or offices are there.",

  *examine(device: FleetDevice): Generator<Examined> {
    const { location } = device;
    if (location === null || !isMedical(device) || !PUBLIC.test(location.value)) return;
    yield { because: [{ at: device.last, text: `It stands in “${location.value}”` }], first: device.first, last: device.last };
  },
};

/** How networks are called in lists: English, German, French, Spanish. */
const PUBLIC =
  /\b(?:guests?|visitors?|public|byod|office|offices|gast|gäste|besucher|büro|verwaltung|invit[eé]s?|visiteurs?|invitados?|oficinas?)\b/iu;
