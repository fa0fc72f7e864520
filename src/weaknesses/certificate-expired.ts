/** A certificate that is over: whoever connects has to look away, and learns to. */
import type { Condition } from "../model/weakness.ts";
import { dayOf, saying } from "./heard.ts";

export const certificateExpired: Condition = {
  name: "certificate-expired",
  kind: "exposure",
  title: "Its certificate has expired",
  severity: "low",
  harms: ["device"],
  remedy:
    "Have a new certificate put in with the maker's instructions, at a time when nobody needs the connection: some programs must be told of the new one.",
  control: null,
  cured: "Certificates heard from it are valid",
  minutes: 45,
  source: "RFC 5280 section 4.1.2.5",
  misses: "Certificates that cross encrypted, as all do in TLS 1.3; keys and signatures that are too weak.",

  examine: (device) =>
    saying(
      device,
      // By the day it was last shown, not by today's: time comes from packets.
      ({ attribute, value, last }) => attribute === "certificateUntil" && DAY.test(value) && value < dayOf(last),
      ({ value, last }) => `Shown on ${dayOf(last)}, and was valid until ${value}`,
    ),
};

const DAY = /^\d{4}-\d\d-\d\d$/;
