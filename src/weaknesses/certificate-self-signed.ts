/** It vouches for itself, so another could stand in its place. */
import type { Condition } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";
import { saying } from "./heard.ts";

export const certificateSelfSigned: Condition = {
  name: "certificate-self-signed",
  kind: "exposure",
  title: "Its certificate is signed by itself",
  severity: "low",
  harms: ["device"],
  remedy:
    "Have a certificate of the hospital's own authority put in at the next service, or this one written down with whoever connects, so that another is noticed.",
  control: null,
  cured: "Certificates heard from it are signed by an authority",
  minutes: 45,
  source: "RFC 5280 section 3.2; RFC 6125 section 1.4",
  misses: "Certificates that cross encrypted, as all do in TLS 1.3. Whether whoever connects knows this very certificate is not heard.",

  *examine(device) {
    if (isMedical(device) || device.lifeCritical === "clinical IT")
      yield* saying(device, (it) => it.attribute === "certificateIssuer" && it.value === "self-signed", () => "Its certificate names no other issuer"); // prettier-ignore
  },
};
