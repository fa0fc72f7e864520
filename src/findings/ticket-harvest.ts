/** Accounts that programs run under, looked for and then asked tickets for that can be broken at leisure: Kerberoasting. */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** harm-notes 3: a machine that logs in needs few services at once, and those of machines are not counted. */
const SERVICES_MIN = 5;
const WINDOW_SECONDS = 60;
const WITNESSES_MAX = 16;

interface Memory {
  seconds: [at: number, services: number][];
  told: boolean;
  witnesses: FindingWitness[];
}

export const ticketHarvest: Watch<Memory> = {
  name: "ticket-harvest",
  title: "Passwords of service accounts are being collected",
  family: "threat",
  severity: "high",
  harms: ["network"],
  remedy:
    "Look at the machine that asks, and at who is logged in there. Have whoever runs the domain give service accounts long passwords that machines change (gMSA) and turn RC4 off for them, after asking which clinical programs run under them.",
  technique: ["T1558.003 Kerberoasting"],
  sees: "A search of the directory for everything that has a service (servicePrincipalName present), in the clear or only signed; 5 or more tickets sealed with RC4, for different services under accounts of programs, within 60 s.",
  misses: "Searches in sealed LDAP and LDAPS; tickets with AES, or collected slowly.",
  mistaken:
    "Tools that take stock of service accounts, and old domains where RC4 is all there is: a log-in there needs fewer than 5 of such services.",
  tune: "Explain it for the machine that takes stock.",
  hears: { notables: ["serviceAccountSearch", "guessableTicket"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({ seconds: [], told: false, witnesses: [] }),
  worth: ({ seconds }) => seconds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, count, distinct, sender, receiver } = news;
  const common = { story: "", about: receiver, others: [sender], at };
  if (what === "serviceAccountSearch") {
    const summary = "The directory searched for all accounts that programs run under";
    yield {
      ...common,
      first: at - SECOND_US,
      count,
      summary,
      because: [{ at, text: `${summary}, ${count} times` }],
      witnesses: news.witnesses,
    };
    return;
  }
  const current = memory.seconds.filter(([second]) => at - second < WINDOW_SECONDS * SECOND_US);
  if (current.length === 0) [memory.told, memory.witnesses] = [false, []];
  current.push([at, distinct]);
  memory.seconds = current;
  memory.witnesses = [...memory.witnesses, ...news.witnesses].slice(0, WITNESSES_MAX);
  const services = current.reduce((sum, [, it]) => sum + it, 0);
  if (services < SERVICES_MIN) return;
  const first = current[0]![0] - SECOND_US;
  const summary = `Tickets that can be broken taken for ${services} services within ${Math.round((at - first) / SECOND_US)} s`;
  yield {
    ...common,
    first,
    count: memory.told ? count : services,
    summary,
    because: [{ at, text: `${services} different services, tickets sealed with RC4` }],
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}
