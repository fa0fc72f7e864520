/** Around the building: cameras, doors, what is old, and what says nothing. */
import { DOMAIN, every, MINUTE, noise, one, resolve, SECOND, some, talk } from "../day.ts";
import type { Work } from "../day.ts";
import { hello, notify } from "../talk/discovery.ts";
import { announce } from "../talk/dns.ts";
import { ftpSession, telnetSession } from "../talk/shells.ts";
import { secured } from "../talk/tls.ts";
import { BROWSER } from "../talk/web.ts";
import { called, managed, Port, shows } from "./habits.ts";

const CAMERA_SYSTEM = "Linux/4.9.206-axis8, UPnP/1.0, Portable SDK for UPnP devices/1.8.7";
const SERIAL_SERVER = "Lantronix UDS1100 V6.11.0.0 (151020)";

/** ONVIF Core section 7.3.2.2; names and types as Axis gives them. */
export const camera: Work = (day, it) => {
  const { model = "", uuid } = it;
  const place = encodeURIComponent(it.place.room);
  const words = ["type/video_encoder", "type/Network_Video_Transmitter", `hardware/${model}`, `name/AXIS%20${model}`, `location/${place}`];
  const scopes = words.map((word) => `onvif://www.onvif.org/${word}`).join(" ");
  const address = `http://${it.ip}/onvif/device_service`;
  every(day, it, 5 * SECOND, 10 * MINUTE, (at) =>
    hello(day.wire, at, it, { uuid, types: "dn:NetworkVideoTransmitter", scopes, address, version: "2005/04" }),
  );
  const macaddress = it.mac.replaceAll(":", "").toUpperCase();
  const announced = { instance: `AXIS ${model} - ${macaddress}`, host: it.name, service: "_axis-video._tcp", port: Port.web };
  every(day, it, 6 * SECOND, 10 * MINUTE, (at) => announce(day.wire, at, it, { ...announced, says: { macaddress } }));
  every(day, it, 8 * SECOND, 14 * MINUTE, (at) => notify(day.wire, at, it, uuid, "urn:axis-com:service:BasicService:1", CAMERA_SYSTEM));

  const picture = { path: "/axis-cgi/jpg/image.cgi", agent: BROWSER, server: "Apache/2.4.57 (Unix)", body: "no picture" };
  every(day, it, 30 * SECOND, 8 * MINUTE, (at, round) =>
    shows(day, at, some(day, "workstation", it.number + round), it, { ...picture, host: it.ip }),
  );
};

export const badgeReader: Work = (day, it) => {
  const server = one(day, "doors");
  const name = `${server.name.toLowerCase()}.${DOMAIN}`;
  resolve(day, it.on + 7 * SECOND, it, name, server.ip);
  every(day, it, 8 * SECOND, 6 * MINUTE, (at) => talk(day, at, it, server, Port.tls, "tls", secured(name, noise(day, 64))));
  const asked = { host: it.ip, agent: "DoorManager/3.2", server: "mini_httpd/1.19 19dec2003", body: "<html></html>" };
  every(day, it, 45 * SECOND, 9 * MINUTE, (at) => shows(day, at, server, it, asked));
};

export const telnet: Work = (day, it) => {
  managed(day, it, { description: SERIAL_SERVER });
  every(day, it, 40 * SECOND, 9 * MINUTE, (at, round) =>
    talk(day, at, some(day, "workstation", round), it, Port.telnet, "telnet", telnetSession(SERIAL_SERVER)),
  );
};

export const ftp: Work = (day, it) => {
  called(day, it);
  every(day, it, 25 * SECOND, 8 * MINUTE, (at, round) =>
    talk(day, at, some(day, "workstation", round), it, Port.ftp, "ftp", ftpSession("Microsoft FTP Service", "Windows_NT")),
  );
};

export const silent: Work = (day, it) => every(day, it, SECOND, 3 * MINUTE, (at) => day.wire.asksWhoHas(at, it, one(day, "gateway").ip));
