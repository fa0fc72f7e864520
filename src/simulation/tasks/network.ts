/** The network itself: who carries and who switches. */
import { DOMAIN, every, MINUTE, noise, one, SECOND, talk } from "../day.ts";
import type { Work } from "../day.ts";
import { bridgeHello, Capability, lldp } from "../talk/neighbors.ts";
import { secured } from "../talk/tls.ts";
import { managed, Port } from "./habits.ts";

const SWITCH = "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)";
const ROUTER = "Cisco IOS Software [Gibraltar], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.12.4, RELEASE SOFTWARE (fc5)";

export const gateway: Work = (day, it) => {
  const says = { name: it.name, port: "Gi0/0/1", description: ROUTER, capabilities: Capability.router };
  every(day, it, 2 * SECOND, MINUTE, (at) => lldp(day.wire, at, it, says));
  managed(day, it, { description: ROUTER });
  const [manager, name] = [one(day, "management"), `${it.name}.${DOMAIN}`];
  every(day, it, 75 * SECOND, 9 * MINUTE, (at) => talk(day, at, manager, it, Port.tls, "tls", secured(name, noise(day, 64))));
};

/** The first is the root of the tree. */
export const accessSwitch: Work = (day, it) => {
  const root = one(day, "switch");
  const says = { name: it.name, port: "Gi1/0/48", description: SWITCH, capabilities: Capability.bridge };
  every(day, it, 2 * SECOND, MINUTE, (at) => {
    bridgeHello(day.wire, at, it.mac, root.mac);
    lldp(day.wire, at + 300, it, says);
  });
  const { maker, model = "", serial = "", software = "" } = it;
  managed(day, it, { description: SWITCH, chassis: { maker: `${maker} Systems, Inc.`, model, serial, software } });
};
