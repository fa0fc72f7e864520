/**
 * Log-ins refused again and again: somebody tries passwords. Only refusals after credentials were offered are counted; a first 401, or
 * Kerberos asking for pre-authentication, is how those protocols begin.
 */
import type { Claimed, FindingWitness, Known, News, Watch } from "../model/finding.ts";
import { isLearned, areAcquainted } from "./acquaintance.ts";
import { isEvenPace } from "./pace.ts";

const SECOND_US = 1_000_000;
/** Of one machine at one server, in one protocol: harm-notes 3; typing errors are 3 at most, the most of an innocent capture is 6. */
const REFUSALS_MIN = 10;
/** Forms refused alike: no standard says that they are, so it takes more (judged: a shift that logs in behind one address comes to fewer). */
const FORMS_MIN = 30;
/** Kinds of answers of one pair at once; the longest quiet goes first. */
const FORMS_APART_MAX = 16;
const WINDOW_SECONDS = 300;
const WITNESSES_MAX = 16;
/** Whose client speaks for everybody: a gateway's refusals are those of a whole house. */
const FOR_ALL: ReadonlySet<string> = new Set(["radius", "eapol"]);

const FORM = "form ";

type Second = [at: number, refused: number, users: number];

interface Memory {
  /** By protocol, forms by what they are answered: seconds with refusals in the window, oldest first. */
  readonly [protocol: string]: { seconds: Second[]; told: boolean; witnesses: FindingWitness[] };
}

export const logInGuessing: Watch<Memory> = {
  name: "log-in-guessing",
  title: "Passwords are tried",
  family: "threat",
  severity: "high",
  harms: ["device"],
  remedy:
    "Look at the machine that tries before the one it tries: whose it is, who is logged in there, whether a program uses an old password. Change the password of the device with its maker's instructions; do not lock the account of a device that treats a patient.",
  technique: ["T1110 Brute Force"],
  sees: "10 log-ins refused within 5 minutes, of one machine at one server in one protocol: FTP, Telnet, SSH (by the equal length of refusals), SMB, Kerberos, LDAP, HTTP, RTSP, SIP, VNC, MySQL, PostgreSQL, SQL Server, MQTT, AMQP, Redis. Or 30 forms with a password sent to one page and answered alike, as wrong ones are: by a status, the page once more, or a way back to it.",
  misses:
    "Forms answered with data (JSON) and status 200, and those of a proxy that says whom it works for. Guessing inside TLS (HTTPS; of RDP another detector tells by its connections); fewer tries than 10 in 5 minutes; one try at each of many servers, which another detector tells; users tried through a RADIUS gateway; tries for one user at an even pace by a machine that is known at that server, which look like an old password.",
  mistaken:
    "A program with an old password tries for hours at an even pace and for one user: that is the finding “old password”. Typing errors are three or four. An SSH client that offers many keys is refused once for each.",
  tune: "Explain it for a program whose password is being changed, with an end date.",
  hears: { signals: ["refusals"], notables: ["formRefused"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ seconds }) => sum(seconds))),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, group, sender, receiver, witnesses } = news;
  const isForm = news.what === "formRefused";
  // Unknown users, associations and orders are no passwords.
  if (!isForm && (group !== "" || FOR_ALL.has(news.what))) return;
  // Of a form it is not told who wants in.
  const [what, failed, distinct] = isForm ? ["http", news.count, 0] : [news.what, news.failed, news.distinct];
  const byProtocol = memory as Record<string, Memory[string]>;
  const apart = isForm ? `${FORM}${group}` : what;
  const it = byProtocol[apart] ?? { seconds: [], told: false, witnesses: [] };
  delete byProtocol[apart];
  byProtocol[apart] = it;
  const forms = Object.keys(byProtocol).filter((key) => key.startsWith(FORM));
  for (const key of forms.slice(0, -FORMS_APART_MAX)) delete byProtocol[key];
  const current = it.seconds.filter(([second]) => at - second < WINDOW_SECONDS * SECOND_US);
  if (current.length === 0) [it.told, it.witnesses] = [false, []];
  current.push([at, failed, distinct]);
  it.seconds = current.slice(-WINDOW_SECONDS);
  it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const refused = sum(it.seconds);
  if (refused < (isForm ? FORMS_MIN : REFUSALS_MIN)) return;
  // In the first days nobody is known, so the benefit of the doubt is everyone's.
  const isStranger = isLearned(known, at) && !areAcquainted(known, sender, receiver, at, what);
  if (!it.told && !isStranger && isOldPassword(it.seconds)) return;
  const first = it.seconds[0]![0] - SECOND_US;
  yield {
    story: what,
    about: receiver,
    others: [sender],
    first,
    at,
    count: it.told ? failed : refused,
    summary: `${refused} log-ins by ${what} refused within ${Math.round((at - first) / SECOND_US)} s`,
    because: [
      {
        at,
        text: isForm
          ? `${refused} forms with a password answered alike within 5 minutes`
          : `${refused} refusals of ${what} within 5 minutes`,
      },
    ],
    witnesses: it.witnesses,
  };
  it.told = true;
  it.witnesses = [];
}

/** One try at a time, by the clock, for one user as far as the protocol says. */
function isOldPassword(seconds: readonly Second[]): boolean {
  const users = seconds.reduce((total, [, , distinct]) => total + distinct, 0);
  return users <= 1 && seconds.every(([, refused]) => refused === 1) && isEvenPace(seconds.map(([at]) => at));
}

function sum(seconds: readonly Second[]): number {
  return seconds.reduce((total, [, refused]) => total + refused, 0);
}
