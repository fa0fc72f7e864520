/** Before version 3 the community is the password, and crosses with every packet. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const snmpWithoutSecrets: Condition = {
  name: "snmp-without-secrets",
  kind: "exposure",
  title: "SNMP answers in version 1 or 2c",
  severity: "low",
  harms: ["device", "network"],
  remedy:
    "Have SNMP version 3 with authentication and privacy set up for those who ask it, then the older ones turned off. Where it has no version 3: a community that only reads.",
  control: "Let only the management stations reach UDP 161.",
  cured: "SNMP has not answered in version 1 or 2c for 14 days",
  minutes: 30,
  source: "RFC 3410 section 7; RFC 3584",
  misses: "An agent nobody asked while we listened.",

  *examine(device) {
    const isSet = device.services.some(({ protocol, operations }) => protocol === "snmp" && operations.some((it) => /^set/i.test(it)));
    yield* saying(
      device,
      ({ attribute, value }) => attribute === "dialect" && OLD.has(value),
      ({ value }) => `It answered in ${value}${isSet ? ", and was set by SNMP" : ""}`,
      isSet ? { severity: "high", title: "SNMP in version 1 or 2c sets it" } : {},
    );
  },
};

const OLD: ReadonlySet<string> = new Set(["SNMP v1", "SNMP v2c"]);
