/** A medical device that talks to the internet can be reached by what answers there. */
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";

export const turnsOutside: Condition = {
  name: "turns-outside",
  kind: "exposure",
  title: "A medical device talks to addresses outside",
  severity: "medium",
  harms: ["device", "patient"],
  remedy: "Ask the maker what it needs outside, and have it go by the hospital's gateway; what nobody needs is turned off at the device.",
  control: "Let it reach only what the maker names, by name and port.",
  cured: "It has not been answered from outside for 14 days",
  minutes: 30,
  source: "MITRE T0886, T0883; IEC TR 80001-2-2 (NAUT)",
  misses: "What goes by a proxy or a gateway, which then stands for all behind it.",

  *examine(device: FleetDevice): Generator<Examined> {
    const { outside } = device;
    if (outside === null || !isMedical(device)) return;
    const { peers, protocols, first, last } = outside;
    const isOnlyTime = protocols.length > 0 && protocols.every((it) => HARMLESS.has(it));
    yield {
      because: [
        {
          at: last,
          text: `${peers} ${peers === 1 ? "address" : "addresses"} outside answered it${protocols.length > 0 ? `, by ${protocols.join(", ")}` : ""}`,
        },
      ],
      first,
      last,
      ...(isOnlyTime ? { severity: "low" } : {}),
    };
  },
};

/** The time, and names. */
const HARMLESS: ReadonlySet<string> = new Set(["ntp", "dns"]);
