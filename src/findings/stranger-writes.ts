/** Settings or values of a device written by who never did: writing is every controller's daily bread, so only who it is can tell. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import type { Notable } from "../model/notable.ts";
import { areAcquainted, isLearned, isRule, wasHeardLong } from "./acquaintance.ts";

const SECOND_US = 1_000_000;

const WRITTEN: Partial<Readonly<Record<Notable, readonly [text: string, protocol: string]>>> = {
  snmpSet: ["settings written by SNMP", "snmp"],
  modbusWrite: ["values written by Modbus", "modbus"],
  bacnetWrite: ["properties written by BACnet", "bacnet"],
  s7Write: ["values or programs written by S7 communication", "s7comm"],
  dnp3Write: ["points written or operated by DNP3", "dnp3"],
  opcuaWrite: ["values written or methods called by OPC UA", "opcua"],
  controllerStopped: ["a controller told to stop, restart or be silent", ""],
  settingsPushed: ["settings pushed as a file", ""],
};

interface Memory {
  /** By what was written: when this machine first did so to that one. */
  readonly [what: string]: number;
}

export const strangerWrites: Watch<Memory> = {
  name: "stranger-writes",
  title: "A device's settings are written by who never did",
  family: "threat",
  severity: "medium",
  harms: ["device", "patient"],
  remedy:
    "Ask building services, or whoever looks after the device, whether they did this and from that machine. If not, have them look at the device's settings before anybody changes the network: what a plant does for an operating room or an isolation ward is lost without it.",
  technique: ["T0836 Modify Parameter", "T0831 Manipulation of Control", "T0858 Change Operating Mode"],
  sees: "At a device that was heard for three days: SNMP SET, writes by Modbus, BACnet, S7, DNP3 and OPC UA, programs loaded, controllers stopped, settings pushed by TFTP or FTP, by a machine that never wrote so to that one. High where it did not converse with it a day ago either, or where a controller is stopped.",
  misses:
    "Everything in a device's first three days, in which it is set up; who wrote before and writes something else; protocols of one maker, which those of nurse calls and pneumatic tubes are.",
  mistaken: "A new workstation of building services, a new manager: once, on its first day.",
  tune: "Enter planned work; explain the new workstation.",
  hears: {
    notables: ["snmpSet", "modbusWrite", "bacnetWrite", "s7Write", "dnp3Write", "opcuaWrite", "controllerStopped", "settingsPushed"],
  },
  subject: "pair",
  subjectsMax: 65_536,
  remember: () => ({}),
  worth: (memory) => Object.keys(memory).length,
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, count, sender, receiver, witnesses } = news;
  const written = WRITTEN[what as Notable];
  if (written === undefined) return;
  const times = memory as Record<string, number>;
  const before = times[what] ?? null;
  times[what] ??= at;
  if (isRule(before, at) || !wasHeardLong(known, receiver, at)) return;
  // Who began it in the days when nobody was known is known by now.
  if (before !== null && !isLearned(known, before)) return;
  const [text, protocol] = written;
  const isStranger = !areAcquainted(known, sender, receiver, at, protocol === "" ? undefined : protocol);
  yield {
    story: "",
    about: receiver,
    others: [sender],
    severity: isStranger || what === "controllerStopped" ? "high" : "medium",
    first: at - SECOND_US,
    at,
    count,
    summary: `${text[0]!.toUpperCase()}${text.slice(1)}, by ${isStranger ? "a machine that never conversed with it so" : "a machine that only read there before"}`,
    because: [{ at, text: `${count} times: ${text}` }],
    witnesses,
  };
}
