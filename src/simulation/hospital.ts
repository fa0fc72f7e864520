/**
 * Who there is: two wards, a radiology, what serves them, and the building around. The hospital, its people and its numbers are invented.
 * Makers, their prefixes (IEEE registry) and models are public facts, and stand here because evidence is about them.
 */
import { stacks } from "./stacks.ts";
import type { Stack } from "./stacks.ts";
import type { Place } from "./talk/neighbors.ts";
import { wishes } from "./talk/dhcp.ts";

export interface Machine {
  /** What it calls itself; "" where it has no name. */
  readonly name: string;
  readonly kind: string;
  /** What it says of itself tells nobody its kind. */
  readonly unknown?: true;
  readonly maker: string;
  readonly model?: string;
  readonly software?: string;
  /** It has a serial number, which begins so, and says it. */
  readonly serial?: string;
  readonly place: Place;
  /** The first three bytes of its MAC. */
  readonly prefix: string;
  readonly stack: Stack;
  /** Asked of the server by DHCP; absent where it is set by hand. */
  readonly dhcp?: { readonly vendorClass?: string; readonly wishes: readonly number[] };
  readonly net: Net;
  readonly does: Task;
}

/** Which part of the addresses it is given one of. */
export type Net = "servers" | "clinical" | "house" | "guests";

export type Task =
  | "gateway"
  | "switch"
  | "directory"
  | "timeServer"
  | "management"
  | "storage"
  | "records"
  | "engine"
  | "pumpServer"
  | "centralStation"
  | "archive"
  | "worklist"
  | "nurseCall"
  | "doors"
  | "pump"
  | "monitor"
  | "ventilator"
  | "modality"
  | "bloodGas"
  | "printer"
  | "camera"
  | "badgeReader"
  | "telephone"
  | "workstation"
  | "telnet"
  | "ftp"
  | "standby"
  | "silent";

const WARDS = ["ICU 1", "Ward 3 North"] as const;
export const SIZE = 140;
const two = (number: number) => String(number).padStart(2, "0");
const inWard = (number: number): Place => ({ building: "Main", floor: WARDS[number % 2] === "ICU 1" ? "1" : "3", room: `${WARDS[number % 2]} bed ${1 + (number >> 1)}` }); // prettier-ignore
const at = (room: string, floor = "0"): Place => ({ building: "Main", floor, room });

/**
 * About `size` machines; there is at least one of each kind. What serves the others comes first: it is switched on first. Of this task
 * there is a second one, the last of them.
 */
export function hospital(size = SIZE, twice?: Task): { readonly first: readonly Machine[]; readonly later: readonly Machine[] } {
  const many = (share: number, make: (number: number) => Machine) =>
    Array.from({ length: Math.max(1, Math.round((size * share) / SIZE)) }, (_, index) => make(index + 1));
  const first = [...core(), ...servers(), ...many(5, accessSwitch)];
  const standby = first.filter(({ does }) => does === twice).map((it) => ({ ...it, name: it.name.replace("01", "02") }));
  return {
    first: [...first, ...standby.slice(0, 1)],
    later: [
      ...many(21, infusionPump),
      ...many(10, syringePump),
      ...many(20, monitor),
      ...many(4, ventilator),
      ...imaging(),
      ...many(2, nurseCall),
      ...many(2, bloodGas),
      ...many(6, printer),
      ...many(7, camera),
      ...many(6, badgeReader),
      ...many(6, telephone),
      ...many(24, workstation),
      ...many(4, silent),
      ...old(),
    ],
  };
}

function core(): Machine[] {
  const net = "servers";
  return [
    {
      name: "gw-core",
      kind: "router",
      maker: "Cisco",
      place: at("Server room"),
      prefix: "00:1b:54",
      stack: stacks.ios,
      net,
      does: "gateway",
    },
    {
      name: "AD01",
      kind: "directory server",
      maker: "VMware",
      place: at("Server room"),
      prefix: "00:50:56",
      stack: stacks.windows,
      net,
      does: "directory",
    },
    {
      name: "TIME01",
      kind: "server",
      unknown: true,
      maker: "Meinberg",
      model: "LANTIME M300",
      place: at("Server room"),
      prefix: "ec:46:70",
      stack: stacks.linux,
      net,
      does: "timeServer",
    },
  ];
}

function servers(): Machine[] {
  const virtual = { maker: "VMware", place: at("Server room"), prefix: "00:50:56", net: "servers" } as const;
  return [
    { ...virtual, name: "NMS01", kind: "server", stack: stacks.linux, does: "management" },
    {
      name: "FILES01",
      kind: "storage",
      maker: "Synology",
      model: "RS1221+",
      serial: "2150SBR",
      place: at("Server room"),
      prefix: "90:09:d0",
      stack: stacks.linux,
      net: "servers",
      does: "storage",
    },
    { ...virtual, name: "EHR01", kind: "electronic health record", stack: stacks.windows, does: "records", unknown: true },
    { ...virtual, name: "ENGINE01", kind: "interface engine", stack: stacks.linux, does: "engine" },
    { ...virtual, name: "PUMPSRV01", kind: "pump server", model: "OnlineSuite", stack: stacks.windows, does: "pumpServer" },
    {
      name: "PICIX-ICU1",
      kind: "central station",
      maker: "Philips",
      model: "IntelliVue Information Center iX",
      software: "B.02",
      serial: "US",
      place: at("ICU 1 nurses' station", "1"),
      prefix: "00:09:fb",
      stack: stacks.windows,
      net: "clinical",
      does: "centralStation",
    },
    { name: "ARCHIVE01", kind: "image archive", maker: "VMware", place: at("Server room"), prefix: "00:50:56", stack: stacks.linux, net: "servers", does: "archive" }, // prettier-ignore
    { name: "RIS01", kind: "worklist server", maker: "VMware", place: at("Server room"), prefix: "00:50:56", stack: stacks.windows, net: "servers", does: "worklist" }, // prettier-ignore
    { ...virtual, name: "DOORS01", kind: "server", stack: stacks.windows, does: "doors", unknown: true },
  ];
}

function accessSwitch(number: number): Machine {
  return {
    name: `sw-floor-${two(number)}`,
    kind: "switch",
    maker: "Cisco",
    model: "WS-C2960X-48LPS-L",
    software: "15.2(7)E3",
    serial: "FCW2147",
    place: at(`Riser ${number}`, String(number - 1)),
    prefix: "00:1b:54",
    stack: stacks.ios,
    net: "servers",
    does: "switch",
  };
}

function infusionPump(number: number): Machine {
  return { ...PUMP, name: `INFU-${two(number)}`, kind: "infusion pump", model: "Infusomat Space", place: inWard(number) };
}

function syringePump(number: number): Machine {
  return { ...PUMP, name: `PERF-${two(number)}`, kind: "syringe pump", model: "Perfusor Space", place: inWard(number) };
}

const PUMP = {
  maker: "B. Braun",
  software: "688U000003",
  serial: "BB",
  prefix: "00:12:21",
  stack: stacks.linux,
  dhcp: { vendorClass: "udhcp 1.19.4", wishes: wishes.busybox },
  net: "clinical",
  does: "pump",
} as const;

function monitor(number: number): Machine {
  const model = number % 4 === 0 ? "IntelliVue MP70" : "IntelliVue MX700";
  return {
    name: `MON-${two(number)}`,
    kind: "patient monitor",
    maker: "Philips",
    model,
    software: "M.04.01",
    serial: "DE",
    place: inWard(number),
    prefix: "00:09:fb",
    stack: stacks.controller,
    dhcp: { vendorClass: "Philips IntelliVue", wishes: wishes.controller },
    net: "clinical",
    does: "monitor",
  };
}

/** Says where it is and that it is a medical device; which, it tells only who asks over TLS. */
function ventilator(number: number): Machine {
  return {
    name: `EVITA-${two(number)}`,
    kind: "ventilator",
    unknown: true,
    maker: "Dräger",
    model: "Evita V800",
    place: inWard(number * 2 + 1),
    prefix: "f0:e5:c3",
    stack: stacks.linux,
    dhcp: { wishes: wishes.busybox },
    net: "clinical",
    does: "ventilator",
  };
}

function imaging(): Machine[] {
  return [
    {
      name: "CT2",
      kind: "CT scanner",
      maker: "Siemens Healthineers",
      model: "SOMATOM go.Top",
      software: "syngo CT VA40",
      serial: "119",
      place: at("Radiology CT 2"),
      prefix: "88:4b:39",
      stack: stacks.windows,
      net: "clinical",
      does: "modality",
    },
    {
      name: "US1",
      kind: "ultrasound",
      maker: "GE HealthCare",
      model: "LOGIQ E10",
      software: "R3.1.0",
      serial: "US",
      place: at("Radiology US 1"),
      prefix: "44:4b:5d",
      stack: stacks.windows,
      net: "clinical",
      does: "modality",
    },
  ];
}

function nurseCall(number: number): Machine {
  return {
    name: `NURSECALL-${two(number)}`,
    kind: "nurse call",
    maker: "Ascom",
    model: "teleCARE IP",
    software: "4.2.1",
    serial: "NC",
    place: at(`${WARDS[number % 2]} nurses' station`, "1"),
    prefix: "00:01:3e",
    stack: stacks.linux,
    net: "clinical",
    does: "nurseCall",
  };
}

/** An office computer inside, and nothing outside that says what it is. */
function bloodGas(number: number): Machine {
  return {
    name: `ABL-${two(number)}`,
    kind: "blood gas analyzer",
    unknown: true,
    maker: "Radiometer",
    model: "ABL90 FLEX",
    place: at(`${WARDS[number % 2]} utility room`, "1"),
    prefix: "00:d0:c9",
    stack: stacks.windows,
    net: "clinical",
    does: "bloodGas",
  };
}

function printer(number: number): Machine {
  const [maker, model, prefix] = PRINTERS[number % PRINTERS.length]!;
  return {
    name: `PRN-${two(number)}`,
    kind: "printer",
    maker,
    model,
    serial: "CNB",
    place: at(`${WARDS[number % 2]} office`, "1"),
    prefix,
    stack: stacks.linux,
    dhcp: { ...(maker === "HP" ? { vendorClass: "Hewlett-Packard LaserJet" } : {}), wishes: wishes.busybox },
    net: "house",
    does: "printer",
  };
}
const PRINTERS = [
  ["Kyocera", "ECOSYS P3155dn", "d4:f0:c9"],
  ["HP", "HP LaserJet M507", "3c:d9:2b"],
  ["HP", "HP LaserJet M611", "3c:d9:2b"],
] as const;

function camera(number: number): Machine {
  return {
    name: `CAM-${two(number)}`,
    kind: "camera",
    maker: "Axis",
    model: "P3245-LV",
    place: at(`Corridor ${number}`, String(number % 4)),
    prefix: "ac:cc:8e",
    stack: stacks.linux,
    dhcp: { vendorClass: "AXIS,Network Camera,P3245-LV,9.80.1", wishes: wishes.debian },
    net: "house",
    does: "camera",
  };
}

function badgeReader(number: number): Machine {
  return {
    name: `VERTX-EVO-V1000-${two(number)}`,
    kind: "badge reader",
    maker: "HID Global",
    place: at(`Door ${number}`, String(number % 4)),
    prefix: "00:06:8e",
    stack: stacks.linux,
    dhcp: { wishes: wishes.busybox },
    net: "house",
    does: "badgeReader",
  };
}

function telephone(number: number): Machine {
  return {
    name: `TEL-${two(number)}`,
    kind: "telephone",
    maker: "Cisco",
    model: "CP-7841",
    software: "sip78xx.12-8-1",
    serial: "FCH2208",
    place: at(`${WARDS[number % 2]} room ${number}`, "1"),
    prefix: "00:1b:54",
    stack: stacks.linux,
    dhcp: { vendorClass: "Cisco Systems, Inc. IP Phone CP-7841", wishes: wishes.controller },
    net: "house",
    does: "telephone",
  };
}

function workstation(number: number): Machine {
  const [maker, prefix] = COMPUTERS[number % COMPUTERS.length]!;
  return {
    name: `WS-${String(number).padStart(3, "0")}`,
    kind: "workstation",
    maker,
    place: at(number % 3 === 0 ? "Radiology reading room" : `${WARDS[number % 2]} office`, "1"),
    prefix,
    stack: stacks.windows,
    dhcp: { vendorClass: "MSFT 5.0", wishes: wishes.windows },
    net: "house",
    does: "workstation",
  };
}
const COMPUTERS = [
  ["Dell", "18:66:da"],
  ["Fujitsu", "4c:52:62"],
  ["Dell", "18:66:da"],
] as const;

/** Says nothing but that it is there. */
function silent(number: number): Machine {
  return {
    name: "",
    kind: "glucose meter",
    unknown: true,
    maker: "Texas Instruments",
    place: at(WARDS[number % 2]!, "1"),
    prefix: "00:12:37",
    stack: stacks.controller,
    net: "clinical",
    does: "silent",
  };
}

function old(): Machine[] {
  return [
    {
      name: "LAB-ANALYZER",
      kind: "laboratory device",
      unknown: true,
      maker: "Advantech",
      place: at("Laboratory"),
      prefix: "00:d0:c9",
      stack: stacks.windowsXp,
      net: "clinical",
      does: "ftp",
    },
    {
      name: "",
      kind: "network device server",
      unknown: true,
      maker: "Lantronix",
      model: "UDS1100",
      place: at("Laboratory"),
      prefix: "00:80:a3",
      stack: stacks.controller,
      net: "clinical",
      does: "telnet",
    },
  ];
}
