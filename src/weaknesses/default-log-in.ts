/** A password that came with the device, or that everybody knows, was taken. */
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";

export const defaultLogIn: Condition = {
  name: "default-log-in",
  kind: "exposure",
  title: "A password everybody knows is right",
  severity: "high",
  harms: ["device", "patient"],
  remedy:
    "Have the password changed with the maker's instructions, at a time when the device treats nobody, and tell every program that logs in there before.",
  control: "Let only the machines that log in there reach it until then.",
  cured: "No usual password has been taken for 14 days",
  minutes: 30,
  source: "CWE-1392; ICSMA advisories on default credentials; FDA premarket cybersecurity guidance (2023)",
  misses: "Passwords that come with one model only; protocols that hide passwords; devices nobody logs in at.",

  *examine(device: FleetDevice): Generator<Examined> {
    const told = device.said
      .filter(({ attribute, value }) => attribute === "clearCredentials" && /default/.test(value))
      .map(({ value, first, last }) => ({ first, last, text: `Taken: ${value}` }));
    const found = device.found
      .filter(({ detector }) => detector === "default-credentials")
      .map(({ first, last, id }) => ({ first, last, text: `A usual name with a usual password was taken (finding ${id})` }));
    const all = [...told, ...found];
    if (all.length === 0) return;
    // That an SNMP agent gives what "public" may read is usual, and less than a log-in.
    const isOnlyRead = found.length === 0 && told.every(({ text }) => text.includes("snmp"));
    yield {
      because: all.map(({ last, text }) => ({ at: last, text })),
      first: Math.min(...all.map(({ first }) => first)),
      last: Math.max(...all.map(({ last }) => last)),
      ...(isOnlyRead ? { severity: "medium", title: "An SNMP community everybody knows is right" } : {}),
    };
  },
};
