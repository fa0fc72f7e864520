/** One machine greets another in one protocol after the other, at ports that are none of these protocols': it tries out what is served there. */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Programs that try out services wait some seconds for each answer. */
const WINDOW_US = 300 * SECOND_US;
const PROTOCOLS_MIN = 3;
const SECONDS_MAX = 64;
const WITNESSES_MAX = 16;

interface Memory {
  /** Protocols new in each second of the window, the oldest first. */
  seconds: [at: number, protocols: number][];
  told: boolean;
  witnesses: FindingWitness[];
}

export const serviceProbing: Watch<Memory> = {
  name: "service-probing",
  title: "What a port serves is tried out",
  family: "hazard",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Look at the device first: messages it does not expect have stopped devices. Then ask whose machine it is that tries, and have it leave medical devices out: the list of those not to be scanned is made for it.",
  technique: ["T1046 Network Service Discovery", "T0846 Remote System Discovery"],
  sees: "Greetings in 3 protocols or more within 5 minutes, of one machine to one other by TCP, at ports that are not these protocols': as programs do that name services by their answers.",
  misses:
    "Ports whose first greeting is answered; HTTP and TLS, which are spoken at ports of every number; probes that are no protocol's greeting; UDP.",
  mistaken: "A program that tries by itself which protocol the other one speaks.",
  tune: "Explain it for the hospital's own scanner, and give it the list of devices not to be scanned.",
  hears: { notables: ["greetedElsewhere"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({ seconds: [], told: false, witnesses: [] }),
  worth: ({ seconds }) => seconds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, count, distinct, sender, receiver, witnesses } = news;
  const current = memory.seconds.filter(([second]) => at - second < WINDOW_US);
  if (current.length === 0) [memory.told, memory.witnesses] = [false, []];
  memory.seconds = [...current, [at, distinct] as [number, number]].slice(-SECONDS_MAX);
  memory.witnesses = [...memory.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const protocols = memory.seconds.reduce((sum, [, more]) => sum + more, 0);
  if (protocols < PROTOCOLS_MIN) return;
  const first = memory.seconds[0]![0] - SECOND_US;
  const summary = `greeted in ${protocols} protocols, at ports that are none of theirs, within ${Math.round((at - first) / SECOND_US)} s`;
  yield {
    story: "",
    about: receiver,
    others: [sender],
    first,
    at,
    count: memory.told ? count : protocols,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}
