/**
 * One Windows machine makes another run something, or give away its passwords: a service, a task, a method, a driver, a program laid on its disk. Administrators do so, and
 * so does everybody who has taken their place. Who does it the first day is told; who did it a day ago does it as a rule.
 */
import type { Notable } from "../model/notable.ts";
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted, isRule } from "./acquaintance.ts";

const SECOND_US = 1_000_000;

const DONE: Partial<Readonly<Record<Notable, string>>> = {
  serviceCreated: "a service installed",
  methodExecuted: "a method of Windows' management run",
  taskRegistered: "a task registered",
  driverAdded: "a printer driver installed",
  programToAdminShare: "a program written to a share of administrators",
  secretsRead: "what its passwords are sealed with read from its registry",
  commandOutput: "what a command answered fetched from a share of administrators",
};

interface Memory {
  /** When this machine first did so. */
  first: number | null;
  /** To whom (Party.key): the finding's own; others are named beside it. */
  hit?: string;
}

export const remoteExecution: Watch<Memory> = {
  name: "remote-execution",
  title: "A machine is made to run something from afar",
  family: "threat",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Ask whoever administers Windows whether this was done on purpose, and from that machine. If not, have the machine that did it looked at first, with its network as it is; of the other one ask the ward what depends on it before anything is changed.",
  technique: [
    "T1569.002 Service Execution",
    "T1047 Windows Management Instrumentation",
    "T1053.005 Scheduled Task",
    "T1021.002 SMB/Windows Admin Shares",
    "T1003.002 Security Account Manager",
  ],
  sees: "Calls of DCE/RPC that install a service, register a task, run a method (WMI) or install a printer driver, in pipes of SMB or over TCP, also where what they carry is sealed; a program written to ADMIN$ or C$; the key of its passwords read from the registry, or a part of that saved; answers of commands fetched from there.",
  misses: "SMB 3 that is encrypted; WinRM and SSH; a machine that did the same a day ago or earlier.",
  mistaken:
    "Servers that distribute software, inventory and backup, and administrators at work: the first day each is told once, then it is their rule.",
  tune: "Explain it for machines of administration, by their group.",
  hears: {
    notables: ["serviceCreated", "methodExecuted", "taskRegistered", "driverAdded", "programToAdminShare", "secretsRead", "commandOutput"],
  },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ first: null }),
  worth: ({ first }) => (first === null ? 0 : 1),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, count, sender, receiver, witnesses } = news;
  const done = DONE[news.what as Notable];
  if (done === undefined || isRule(memory.first, at)) return;
  memory.hit ??= receiver.key;
  const others = receiver.key === memory.hit ? [sender] : [sender, receiver];
  memory.first ??= at;
  yield {
    story: "",
    about: receiver,
    others,
    severity: areAcquainted(known, sender, receiver, at) ? "medium" : "high",
    first: at - SECOND_US,
    at,
    count,
    summary: `From afar: ${done}`,
    because: [{ at, text: `${sender.ip ?? sender.mac} at ${receiver.ip ?? receiver.mac}: ${done}` }],
    witnesses,
  };
}
