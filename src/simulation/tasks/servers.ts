/** In the server room: the patients' records, the engine that passes messages on, files, names and time. */
import { DOMAIN, every, FACILITY, MINUTE, noise, one, resolve, SECOND, some, talk, WORKGROUP } from "../day.ts";
import type { Work } from "../day.ts";
import { announce } from "../talk/dns.ts";
import { patient, timeOf } from "../talk/hl7.ts";
import { directorySearch } from "../talk/ldap.ts";
import { Role, Suffix } from "../talk/netbios.ts";
import { secured } from "../talk/tls.ts";
import { BROWSER } from "../talk/web.ts";
import { called, linux, logs, managed, plugged, Port, SERVER_2019, sharesFiles, shows, tells, windows } from "./habits.ts";

/** What Samba says for a version. */
const SAMBA = [6, 1, 0] as const;
const ADMITTED_FROM = 1_000;
const ORDERED_FROM = 2_000;
const PASSED_ON_FROM = 7_000;

export const directory: Work = (day, it) => {
  windows(day, it, SERVER_2019, Role.server | Role.domainController | Role.windows);
  called(day, it, Suffix.domainControllers, WORKGROUP);
  every(day, it, 30 * SECOND, MINUTE, (at, round) =>
    talk(day, at, some(day, "workstation", round), it, Port.ldap, "ldap", directorySearch("dc=clinic,dc=example", round + 1)),
  );
};

export const storage: Work = (day, it) => {
  const says = { vendor: "Synology", model: it.model ?? "", serial: it.serial ?? "", version_major: "7", version_minor: "2" };
  const announced = { instance: it.name, host: it.name, service: "_http._tcp", port: 5000, says };
  every(day, it, 8 * SECOND, 10 * MINUTE, (at) => announce(day.wire, at, it, announced));
  sharesFiles(day, it, SAMBA, 2 * MINUTE);
};

/** Tells the engine who comes, and what is ordered for them. */
export const records: Work = (day, it) => {
  windows(day, it, SERVER_2019);
  const engine = one(day, "engine");
  const who = { from: ["EHR", FACILITY] as const, to: ["ENGINE", FACILITY] as const };
  every(day, it, 20 * SECOND, 2 * MINUTE, (at, round) => {
    const segments = [`EVN|A01|${timeOf(at)}`, patient(round), "PV1|1|I|ICU1^1"];
    tells(day, it, engine, Port.hl7, { ...who, at, type: "ADT^A01^ADT_A01", number: ADMITTED_FROM + round, segments });
  });
  every(day, it, 35 * SECOND, 4 * MINUTE, (at, round) => {
    const number = ORDERED_FROM + round;
    const segments = [patient(round), `ORC|NW|${number}`, `OBR|1|${number}||CT-THORAX^CT thorax^L`];
    tells(day, it, engine, Port.hl7, { ...who, at, type: "ORM^O01^ORM_O01", number, segments });
  });
  const host = `${it.name.toLowerCase()}.${DOMAIN}`;
  const body = "<html><head><title>Records</title></head></html>";
  every(day, it, 60 * SECOND, 3 * MINUTE, (at, round) =>
    shows(day, at, some(day, "workstation", round + 1), it, { host, agent: BROWSER, server: "Microsoft-IIS/10.0", body }),
  );
};

export const engine: Work = (day, it) => {
  logs(day, it, "engine", "channel started");
  managed(day, it, { description: linux(it.name) });
  const who = { from: ["ENGINE", FACILITY] as const, to: ["ONLINESUITE", FACILITY] as const };
  every(day, it, 65 * SECOND, 3 * MINUTE, (at, round) => {
    const segments = [`EVN|A01|${timeOf(at)}`, patient(round), "PV1|1|I|ICU1^1"];
    const message = { ...who, at, type: "ADT^A01^ADT_A01", number: PASSED_ON_FROM + round, segments };
    tells(day, it, one(day, "pumpServer"), Port.pumps, message);
  });
};

/** Ready, and nobody asks it anything: it tells its switch what it is. */
export const standby: Work = (day, it) => plugged(day, it);

export const timeServer: Work = (day, it) => {
  managed(day, it, { description: "Meinberg LANTIME M300 V7.06.014" });
  const name = `${it.name.toLowerCase()}.${DOMAIN}`;
  const manager = one(day, "management");
  every(day, it, 70 * SECOND, 11 * MINUTE, (at) => talk(day, at, manager, it, Port.tls, "tls", secured(name, noise(day, 64))));
};

export const doors: Work = (day, it) => windows(day, it, SERVER_2019);

/** Asks all others what they are, as `managed` and `logs` say; people look at what it found. */
export const management: Work = (day, it) => {
  const host = `${it.name.toLowerCase()}.${DOMAIN}`;
  const body = "<html><head><title>Network</title></head></html>";
  every(day, it, 60 * SECOND, 6 * MINUTE, (at, round) => {
    const client = some(day, "workstation", round);
    resolve(day, at - SECOND, client, host, it.ip);
    shows(day, at, client, it, { host, agent: BROWSER, server: "Apache/2.4.56 (Debian)", body });
  });
};
