/** In the offices: computers, printers, telephones. */
import { BROADCAST, DOMAIN, every, MINUTE, one, resolve, SECOND, some, visit, WORKGROUP } from "../day.ts";
import type { Work } from "../day.ts";
import { hello } from "../talk/discovery.ts";
import { announce, askNeighbors } from "../talk/dns.ts";
import { Capability } from "../talk/neighbors.ts";
import { announceHost, Role, Suffix } from "../talk/netbios.ts";
import { BROWSER } from "../talk/web.ts";
import { called, managed, plugged, Port, shows } from "./habits.ts";

/** Addresses kept for examples: RFC 5737. */
const OUTSIDE = [
  ["updates.vendor.example", "203.0.113.80"],
  ["guidelines.example", "198.51.100.20"],
  ["mail.example", "203.0.113.25"],
] as const;
/** What Windows asks for to see whether it is on the internet. */
const CONNECTED = ["www.msftconnecttest.com", "203.0.113.44"] as const;

export const workstation: Work = (day, it) => {
  const { wire, random } = day;
  called(day, it, Suffix.workstation);
  called(day, it, Suffix.server);
  askNeighbors(wire, it.on + 6 * SECOND, it, "wpad", random.below(0x1_0000));
  const types = "wsdp:Device pub:Computer";
  hello(wire, it.on + 7 * SECOND, it, { uuid: it.uuid, types, address: `http://${it.ip}:5357/${it.uuid}/`, version: "2005/04" });
  const roles = Role.workstation | Role.server | Role.windows;
  const host = { name: it.name, group: WORKGROUP, version: [10, 0] as const, roles, comment: "" };
  every(day, it, 9 * SECOND, 12 * MINUTE, (at) => announceHost(wire, at, it, host, BROADCAST, random.below(0x1_0000)));

  const directory = one(day, "directory");
  resolve(day, it.on + 10 * SECOND, it, `${directory.name.toLowerCase()}.${DOMAIN}`, directory.ip);
  resolve(day, it.on + 13 * SECOND, it, ...CONNECTED);
  every(day, it, 15 * SECOND, 6 * MINUTE, (at, round) => {
    const [name, ip] = OUTSIDE[(it.number + round) % OUTSIDE.length]!;
    visit(day, at, it, name, ip);
  });
};

export const printer: Work = (day, it) => {
  const { model = "", serial = "", maker } = it;
  const says = { txtvers: "1", ty: model, product: `(${model})`, usb_MFG: maker, usb_MDL: model, note: it.place.room };
  const announced = { instance: `${model} (${it.name})`, host: it.name, service: "_ipp._tcp", port: Port.ipp, says };
  every(day, it, 6 * SECOND, 9 * MINUTE, (at) => announce(day.wire, at, it, announced));

  const isHp = maker === "HP";
  const description = isHp ? "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24180012" : "KYOCERA Print I/F";
  managed(day, it, { description, printer: { model, serial } });
  const server = isHp ? `HP HTTP Server; ${model} - F2A68A; Serial Number: ${serial}` : "KM-MFP-http/V0.0.1";
  const body = `<html><head><title>${model}</title></head></html>`;
  every(day, it, 40 * SECOND, 7 * MINUTE, (at, round) =>
    shows(day, at, some(day, "workstation", it.number + round), it, { host: it.ip, agent: BROWSER, server, body }),
  );
};

export const telephone: Work = (day, it) => plugged(day, it, Capability.bridge | Capability.telephone);
