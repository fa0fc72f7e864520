/** What Windows machines are told to do, and tricked into: each with its triggering news and its silent twin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notable } from "../model/notable.ts";
import type { ConversationNews, Known, News, Watch } from "../model/finding.ts";
import { claims, machine, signal } from "../testing/watched.ts";
import { defaultCredentials } from "./default-credentials.ts";
import { directoryCopied } from "./directory-copied.ts";
import { emptyProof } from "./empty-proof.ts";
import { forcedLogIn } from "./forced-log-in.ts";
import { remoteExecution } from "./remote-execution.ts";
import { shareListing } from "./share-listing.ts";
import { ticketHarvest } from "./ticket-harvest.ts";
import { windowsExploit } from "./windows-exploit.ts";
import { withdrawnDialect } from "./withdrawn-dialect.ts";

const DAY = 24 * 3600;
const [STRANGER, SERVER, CONTROLLER] = [machine(7), machine(2), machine(3)];
const heard = (second: number, what: Notable, distinct = 1, sender = STRANGER, receiver = SERVER) =>
  signal(second, { kind: "notable", what, distinct, count: distinct, sender, receiver });
const said = <Memory>(watch: Watch<Memory>, news: readonly News[], known: Partial<Known> = {}) => claims(watch, news, known).map((it) => it.split(":")[0]); // prettier-ignore
const answersKerberos = (second: number): News =>
  ({ news: "conversation", at: heard(second, "snmpSet").at, client: SERVER, server: CONTROLLER, protocol: "kerberos", answered: 1 }) as Partial<ConversationNews> as News; // prettier-ignore
const longAgo = { conversedSince: () => heard(-2 * DAY, "snmpSet").at };

test("a service made from afar is told the first day; who did it a day ago does it as a rule", () => {
  assert.deepEqual(said(remoteExecution, [heard(1, "serviceCreated"), heard(9, "programToAdminShare")]), ["1 s", "9 s"]);
  assert.deepEqual(said(remoteExecution, [heard(1, "taskRegistered"), heard(DAY + 1, "taskRegistered"), heard(3 * DAY, "methodExecuted")]), ["1 s"]); // prettier-ignore
});

test("who is hit is named once, others beside it", () => {
  const memory = remoteExecution.remember();
  const others = (receiver = SERVER) =>
    [...remoteExecution.notice(heard(1, "secretsRead", 1, STRANGER, receiver), memory, { since: 0, conversedSince: () => null, heardSince: () => null })][0]!.others.map(({ ip }) => ip); // prettier-ignore
  assert.deepEqual([others(), others(), others(CONTROLLER)], [[STRANGER.ip], [STRANGER.ip], [STRANGER.ip, CONTROLLER.ip]]);
});

test("an acquaintance's is less severe", () => {
  const severity = (known: Partial<Known>) => [...remoteExecution.notice(heard(1, "driverAdded"), { first: null }, { since: 0, conversedSince: () => null, heardSince: () => null, ...known })][0]!.severity; // prettier-ignore
  assert.equal(severity({}), "high");
  assert.equal(severity(longAgo), "medium");
  assert.equal(severity({ conversedSince: () => heard(0, "snmpSet").at }), "high", "met with this very thing");
});

test("the directory copied by no controller; between controllers it is their work", () => {
  assert.deepEqual(said(directoryCopied, [answersKerberos(0), heard(1, "directoryReplicated")]), ["1 s"]);
  assert.deepEqual(said(directoryCopied, [answersKerberos(0), heard(1, "directoryReplicated", 1, CONTROLLER)]), []);
});

test("a path opened for a stranger, and a controller's printers; another server's printers are watched by every client", () => {
  assert.deepEqual(said(forcedLogIn, [heard(1, "forcedLogin")]), ["1 s"]);
  assert.deepEqual(said(forcedLogIn, [answersKerberos(0), heard(1, "printerWatched", 1, STRANGER, CONTROLLER)]), ["1 s"]);
  assert.deepEqual(said(forcedLogIn, [answersKerberos(0), heard(1, "printerWatched")]), []);
  assert.deepEqual(said(forcedLogIn, [heard(-2 * DAY, "forcedLogin"), heard(1, "forcedLogin")]).length, 1, "backup's second day");
});

test("shares listed by a stranger, not by who comes every day", () => {
  assert.deepEqual(said(shareListing, [heard(1, "sharesListed")]), ["1 s"]);
  assert.deepEqual(said(shareListing, [heard(1, "sharesListed")], longAgo), []);
  // A file server in its first days: whoever comes third is no stranger yet; when for long nobody new came, whoever does is.
  const by = (second: number, from: number) => heard(second, "sharesListed", 1, machine(from));
  assert.deepEqual(
    said(
      shareListing,
      [1, 2, 3, 4, 5, 6].map((it) => by(it, 10 + it)),
    ),
    ["1 s", "2 s"],
  );
  const everyDay = Array.from({ length: 60 }, (_, i) => by(i, 10 + (i % 4)));
  assert.deepEqual(said(shareListing, [...everyDay, by(99, 77)]).at(-1), "99 s");
});

test("all accounts with services looked for, or five tickets that can be broken within a minute; four, or five in five minutes, are none", () => {
  assert.deepEqual(said(ticketHarvest, [heard(1, "serviceAccountSearch")]), ["1 s"]);
  assert.deepEqual(said(ticketHarvest, [heard(1, "guessableTicket", 3), heard(50, "guessableTicket", 2)]), ["50 s"]);
  assert.deepEqual(said(ticketHarvest, [heard(1, "guessableTicket", 3), heard(50, "guessableTicket", 1), heard(70, "guessableTicket", 1)]), []); // prettier-ignore
});

test("what only an attack sends is told at once", () => {
  assert.deepEqual(said(windowsExploit, [heard(1, "implantQuestion"), heard(2, "implantAnswer"), heard(3, "mixedTransaction"), heard(4, "overlongCall"), heard(5, "snmpSet"), heard(6, "reservedChannel")]), ["1 s", "2 s", "3 s", "4 s", "6 s"]); // prettier-ignore
  assert.deepEqual(said(emptyProof, [heard(1, "emptyProof")]), ["1 s"]);
  assert.deepEqual(said(withdrawnDialect, [heard(1, "withdrawnDialect")]), ["1 s"]);
  assert.deepEqual(said(defaultCredentials, [heard(1, "defaultCredentials")]), ["1 s"]);
});
