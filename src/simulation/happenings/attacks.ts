/** Those who mean harm: each story its days, some before anybody learns what is usual, some while it is learned, some after. */
import { dateOf, noise, one, outside, SECOND, talk } from "../day.ts";
import type { Day, Placed } from "../day.ts";
import { stacks } from "../stacks.ts";
import { query } from "../talk/dicom.ts";
import { exchanged, patient } from "../talk/hl7.ts";
import { steered } from "../talk/rdp.ts";
import { telnetSession } from "../talk/shells.ts";
import { session } from "../talk/smb.ts";
import { secured } from "../talk/tls.ts";
import { BROWSER, page } from "../talk/web.ts";
import { Port } from "../tasks/habits.ts";
import type { Happening } from "./index.ts";

const DOMAIN = "CLINIC";
const WINDOWS_10 = [10, 0, 19045] as const;
const DISTANT_IP = "203.0.113.199";
const AFTER_US = 70 * SECOND;
const APART_US = 2 * SECOND;
/** So many a worm reaches in a day. */
const REACHED = 8;
const VIEWER = ["1.2.276.0.7230010.3.0.3.6.4", "OFFIS_DCMTK_364"] as const;

/** A computer nobody brought into the books. */
const LAPTOP_IP = "10.20.140.66";
const LAPTOP_MAC = "8c:16:45:0a:66:01";

export const attacks: readonly Happening[] = [
  attack("worm", "A workstation opens the shares of others, more of them each day.", [5, 6, 7, 8, 9, 16, 17], (day) => {
    const it = day.the("workstation", 2);
    if (it === undefined) return;
    day
      .all("workstation")
      .filter((other) => other !== it)
      .slice(0, REACHED)
      .forEach((other, place) => shares(day, after(place, it, other), it, other));
  }),
  attack("stranger at the archive", "A laptop nobody knows asks the archive for images.", [6, 7, 8, 20], (day) => {
    const [it, archive] = [laptop(day), one(day, "archive")];
    const ends = { calling: "FINDSCU", called: archive.name, implementation: VIEWER, answering: VIEWER };
    const at = after(0, it, archive);
    talk(day, at, it, archive, Port.dicom, "dicom", query(ends, dateOf(at), "ZZTEST^ALPHA"));
  }),
  attack("telnet", "The laptop logs in to a device server in the laboratory.", [3, 4, 10, 22], (day) => {
    const [it, server] = [laptop(day), one(day, "telnet")];
    talk(day, after(1, it, server), it, server, Port.telnet, "telnet", telnetSession("Lantronix UDS1100 V6.11.0.0 (151020)"));
  }),
  attack("camera that calls home", "A camera speaks with a machine on the Internet, every day.", daysFrom(4), (day) =>
    callsHome(day, day.the("camera", 0)),
  ),
  attack("analyzer and the record", "A blood gas analyzer opens the shares of the record system.", daysFrom(8, 13), (day) => {
    const [it, server] = [day.the("bloodGas", 0), one(day, "records")];
    if (it === undefined) return;
    shares(day, after(2, it, server), it, server);
  }),
  attack("desk of the scanner", "A workstation takes over the screen of a scanner.", [9, 10, 11, 19], (day) => {
    const [it, server] = [day.the("workstation", 4), one(day, "modality")];
    if (it === undefined) return;
    talk(day, after(3, it, server), it, server, Port.rdp, "rdp", steered(server.name.toLowerCase(), noise(day, 64)));
  }),
  attack("printer that looks around", "A printer opens the shares of workstations.", [12, 13, 14], (day) => {
    const it = day.the("printer", 1);
    if (it === undefined) return;
    day.all("workstation").slice(0, REACHED).forEach((other, place) => shares(day, after(place, it, other), it, other)); // prettier-ignore
  }),
  attack("engine that calls home", "The only interface engine speaks with a machine on the Internet, every day.", daysFrom(2), (day) =>
    callsHome(day, one(day, "engine")),
  ),
  attack("scan", "The laptop tries whatever answers.", [7], (day) => {
    const it = laptop(day);
    const all = (["printer", "camera", "workstation", "modality", "records", "archive", "storage"] as const).flatMap((task) => day.all(task) ?? []);
    for (const [place, other] of all.entries())
      talk(day, after(place, it, other), it, other, Port.web, "http", page({ host: other.ip, agent: "Mozilla/5.0 zgrab/0.x", server: "embedded", body: "" }));
  }),
  attack("badge reader at the record", "A badge reader reads pages of the record system.", [16, 17, 18], (day) => {
    const [it, server] = [day.the("badgeReader", 1), one(day, "records")];
    if (it === undefined) return;
    talk(day, after(4, it, server), it, server, Port.web, "http", page({ host: server.ip, agent: BROWSER, server: "Microsoft-IIS/10.0", body: "" }));
  }),
  attack("pump that calls home", "A pump speaks with a machine on the Internet.", [18, 19, 20], (day) => callsHome(day, day.the("pump", 0))),
  attack("false infusions", "The laptop reports infusions to the pump server.", [15, 16], (day) => {
    const [it, server] = [laptop(day), one(day, "pumpServer")];
    const at = after(5, it, server);
    const message = { at, from: ["INFU-01", DOMAIN] as const, to: ["ONLINESUITE", DOMAIN] as const, type: "ORU^R01^ORU_R01", number: 1, segments: [patient(1)] };
    talk(day, at, it, server, Port.pumps, "hl7", exchanged(message));
  }),
  attack("switches", "A workstation looks at the pages of switches.", [5, 6, 7, 8], (day) => {
    const it = day.the("workstation", 6);
    if (it === undefined) return;
    for (const [place, other] of day.all("switch").entries())
      talk(day, after(place, it, other), it, other, Port.web, "http", page({ host: other.ip, agent: BROWSER, server: "cisco-IOS", body: "" }));
  }),
]; // prettier-ignore

function attack(name: string, doc: string, days: readonly number[], happens: (day: Day) => void): Happening {
  return { name, sort: "attack", doc, happens: (day) => (days.includes(day.number) ? happens(day) : undefined) };
}

function daysFrom(first: number, last = 63): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Both are there by then. */
function after(place: number, ...machines: readonly Placed[]): number {
  return Math.max(...machines.map(({ on }) => on)) + AFTER_US + place * APART_US;
}

function shares(day: Day, at: number, client: Placed, server: Placed): void {
  const party = ({ name }: Placed) => ({ name, domain: DOMAIN, version: WINDOWS_10 });
  talk(day, at, client, server, Port.smb, "smb", session(party(client), party(server), noise(day, 16), noise(day, 32)));
}

function callsHome(day: Day, it: Placed | undefined): void {
  if (it === undefined) return;
  day.wire.dialogue(after(6, it), it, outside(day, DISTANT_IP), Port.tls, secured("cdn.distant.example", noise(day, 64)));
}

function laptop(day: Day): Placed {
  return {
    name: "",
    kind: "workstation",
    maker: "LCFC",
    place: { building: "Main", floor: "1", room: "" },
    prefix: LAPTOP_MAC.slice(0, 8),
    stack: stacks.linux,
    net: "house",
    does: "workstation",
    number: 0,
    mac: LAPTOP_MAC,
    ip: LAPTOP_IP,
    uuid: "",
    on: one(day, "directory").on,
    services: new Map(),
  };
}
