/** What stands open or speaks in the clear, and beside it the same work the safe way. */
import { FACILITY, noise, one, outside, resolve, SECOND, visit } from "../day.ts";
import type { Day, Placed } from "../day.ts";
import { stacks } from "../stacks.ts";
import { latin } from "../frames.ts";
import { exchanged, patient } from "../talk/hl7.ts";
import { askNeighbors } from "../talk/dns.ts";
import { certificate } from "../talk/certificate.ts";
import { broker, database, factoryWays, fetchesFile, oldShares, sharedFiles, sharedScreen, shell, TFTP_PORT, windowSystem } from "../talk/others.ts"; // prettier-ignore
import { steered } from "../talk/rdp.ts";
import { ftpSession, telnetSession } from "../talk/shells.ts";
import { session } from "../talk/smb.ts";
import { asksAgent, asksAgentSecretly } from "../talk/snmp.ts";
import { secured } from "../talk/tls.ts";
import { BROWSER, page } from "../talk/web.ts";
import { asked, visited, type Planted } from "./planted.ts";

const SECURED_SHELL = visited(22, "ssh", (day) => shell("SSH-2.0-OpenSSH_9.9", noise(day, 32)));
const SECURED_PAGE = visited(443, "tls", (day, it) => secured(nameOf(it), noise(day, 64)));
const SERVER = { stack: stacks.linux, kind: "server" };
const COMPUTER = { stack: stacks.windows, kind: "workstation" };
/** Documentation addresses, RFC 5737. */
const MAKER = "198.51.100.20";
const ELSEWHERE = "203.0.113.40";

export const exposed: readonly Planted[] = [
  planted(
    "telnet-answers",
    "pump",
    visited(23, "telnet", () => telnetSession("ready")),
    SECURED_SHELL,
  ),
  planted(
    "ftp-answers",
    "monitor",
    visited(21, "ftp", () => ftpSession("ready", "UNIX Type: L8")),
    SECURED_SHELL,
  ),
  planted("tftp-answers", "pump", asked(TFTP_PORT, "tftp", (day, at, it, by) => fetchesFile(day.wire, at, by, it, "settings.ini")), SECURED_SHELL), // prettier-ignore
  planted(
    "web-log-in-in-the-clear",
    "camera",
    visited(80, "http", (_, it) => loggedIn(it)),
    SECURED_PAGE,
  ),
  planted("page-in-the-clear", "monitor", visited(80, "http", (_, it) => page({ host: it.ip, agent: BROWSER, server: "lighttpd", body: "<title>Status</title>" })), SECURED_PAGE), // prettier-ignore
  planted(
    "vnc-answers",
    "monitor",
    visited(5900, "rfb", (day) => sharedScreen(noise(day, 32))),
    SECURED_PAGE,
  ),
  planted(
    "remote-desktop",
    "monitor",
    visited(3389, "rdp", (day, it) => steered(nameOf(it), noise(day, 64))),
    SECURED_PAGE,
  ),
  planted("screen-of-x11", "pump", visited(6000, "x11", windowSystem), SECURED_SHELL, "possible"),
  planted(
    "nfs-open",
    "monitor",
    visited(2049, "oncrpc", () => sharedFiles(7)),
    SECURED_PAGE,
  ),
  planted(
    "database-answers",
    "pump",
    visited(3306, "mysql", () => database("5.5.62")),
    SECURED_PAGE,
  ),
  planted("default-log-in", "badgeReader", visited(23, "telnet", () => telnetSession("ready", "admin")), visited(23, "telnet", () => telnetSession("ready"))), // prettier-ignore
  planted("secrets-in-the-clear", SERVER, visited(1883, "mqtt", () => broker("bed-7")), visited(8883, "tls", (day, it) => secured(nameOf(it), noise(day, 64)))), // prettier-ignore
  planted(
    "outdated-proof",
    SERVER,
    visited(22, "ssh", (day) => shell("SSH-1.5-1.2.27", noise(day, 32))),
    SECURED_SHELL,
  ),
  planted("snmp-without-secrets", "pump", asked(161, "snmp", (day, at, it, by) => asksAgent(day.wire, at, by, it, 9, { description: "ready", name: it.name, location: it.place.room })), asked(161, "snmp", (day, at, it, by) => asksAgentSecretly(day.wire, at, by, it, 9, noise(day, 40)))), // prettier-ignore
  planted("control-without-security", SERVER, visited(4840, "opcua", (_, it) => factoryWays(nameOf(it), false)), visited(4840, "opcua", (_, it) => factoryWays(nameOf(it), true))), // prettier-ignore
  planted("smb1-spoken", COMPUTER, visited(445, "smb", (day) => oldShares("Windows 5.1", "Windows 2000 LAN Manager", noise(day, 48))), visited(445, "smb", (day, it) => newShares(day, it))), // prettier-ignore
  planted(
    "old-tls",
    "camera",
    visited(443, "tls", (day, it) => secured(nameOf(it), noise(day, 64), { version: 0x0301 })),
    SECURED_PAGE,
  ),
  planted("certificate-expired", SERVER, showing("250301", "Hospital CA"), showing("350301", "Hospital CA")),
  planted("certificate-self-signed", "pump", showing("350301", null), showing("350301", "Hospital CA")),
  planted("patient-data-in-the-clear", "ventilator", telling, SECURED_PAGE),
  planted("turns-outside", "pump", (day, at, it) => visit(day, at, it, "updates.vendor.example", MAKER), (day, at, it) => day.wire.dialogue(at, it, one(day, "pumpServer"), 443, secured("pumpsrv01.clinic.example", noise(day, 64)))), // prettier-ignore
  planted("answers-outside", "monitor", (day, at, it) => day.wire.dialogue(at, outside(day, ELSEWHERE), it, 443, secured(nameOf(it), noise(day, 64))), SECURED_PAGE), // prettier-ignore
  planted("several-networks", "monitor", inTwoNetworks, SECURED_PAGE, "possible"),
  planted("asks-neighbors", "pump", (day, at, it) => askNeighbors(day.wire, at, it, "wpad", 77), (day, at, it) => resolve(day, at, it, "wpad.clinic.example", one(day, "pumpServer").ip)), // prettier-ignore
];

function planted(
  weakness: string,
  at: Planted["at"],
  weak: Planted["weak"],
  twin: Planted["twin"],
  answer: Planted["answer"] = "affected",
): Planted {
  // prettier-ignore
  return { name: weakness, weakness, answer, at, weak, twin };
}

function nameOf({ name }: Placed): string {
  return `${name.toLowerCase()}.clinic.example`;
}

/** RFC 7617: a name and a password, in the clear. */
function loggedIn(it: Placed) {
  const [[, request], [, answer]] = page({ host: it.ip, path: "/setup", agent: BROWSER, server: "lighttpd", body: "<title>Setup</title>" }) as [readonly ["client", Uint8Array], readonly ["server", Uint8Array]]; // prettier-ignore
  const words = Buffer.from(request).toString("latin1");
  const proof = `Authorization: Basic ${Buffer.from("zztest:zztest-0815").toString("base64")}\r\n\r\n`;
  return [
    ["client", request],
    [
      "server",
      latin('HTTP/1.1 401 Unauthorized\r\nServer: lighttpd\r\nWWW-Authenticate: Basic realm="setup"\r\nContent-Length: 0\r\n\r\n'),
    ],
    ["client", latin(words.replace(/\r\n\r\n$/, `\r\n${proof}`))],
    ["server", answer],
  ] as const;
}

function newShares(day: Day, it: Placed) {
  const party = (name: string) => ({ name, domain: "CLINIC", version: [10, 0, 26_100] as const });
  return session(party("WS"), party(it.name), noise(day, 16), noise(day, 24));
}

/** `issuer` null: itself. */
function showing(until: string, issuer: string | null): Planted["weak"] {
  return visited(443, "tls", (day, it) => {
    const subject = nameOf(it);
    const shown = certificate({ subject, issuer: issuer ?? subject, until, random: noise(day, 64) });
    return secured(subject, noise(day, 64), { certificate: shown });
  });
}

/** What it measures, with whose it is. */
function telling(day: Day, at: number, it: Placed): void {
  const message = { at, from: [it.name, FACILITY] as const, to: ["ENGINE01", FACILITY] as const, type: "ORU^R01", number: 4_711, segments: [patient(7), "OBX|1|NM|151594^MDC_FLOW_AWAY^MDC||32|||||F"] }; // prettier-ignore
  day.wire.dialogue(at, it, one(day, "engine"), 2575, exchanged(message));
}

/** It answers here and there, in turn. */
function inTwoNetworks(day: Day, at: number, it: Placed, visitor: Placed): void {
  const there = { ...it, ip: `192.168.77.${10 + (it.number % 200)}` };
  for (let turn = 0; turn < 4; turn++)
    day.wire.dialogue(at + turn * SECOND, visitor, turn % 2 === 0 ? it : there, 443, secured(nameOf(it), noise(day, 64)));
}
