import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import type { ClaimRow, EndpointRow, Heard, RoleRow } from "../model/heard.ts";
import type { Attribute } from "../model/observation.ts";
import { describe } from "./describe.ts";

const knowledge = loadKnowledge();
const MAC = "00:09:fb:12:34:56";

interface Sketch extends Partial<Omit<Heard, "claims" | "endpoints">> {
  readonly mac?: string | null;
  readonly ip?: string | null;
  readonly child?: string;
  readonly ttl?: number;
  /** `attribute protocol: value`, in the order they were first heard; "via …" before the colon for another's word. */
  readonly claims?: readonly string[];
}

const TTLS: Readonly<Record<number, number>> = { 32: 1, 64: 2, 128: 4, 255: 8 };

function heard({ mac = MAC, ip = "10.0.0.7", child, ttl, claims = [], ...more }: Sketch): Heard {
  const endpoint: EndpointRow = {
    number: 1,
    space: 0,
    mac,
    ip,
    child: child ?? null,
    frames: 9,
    bytes: 900,
    first: 1,
    last: 9,
    ttls: ttl === undefined ? 0 : (TTLS[ttl] ?? 16),
  };
  return {
    endpoints: [endpoint],
    macs: mac === null ? [] : [mac],
    ips: ip === null ? [] : [ip],
    claims: claims.map(claimOf),
    roles: [],
    said: new Map(),
    carrier: false,
    outside: false,
    ...more,
  };
}

function claimOf(line: string, place: number): ClaimRow {
  const [, attribute, protocol, via, value] = /^(\w+) (\w+)(?: via (\S+))?: (.*)$/.exec(line)!;
  return {
    endpoint: 1,
    attribute: attribute as Attribute,
    value: value!,
    protocol: protocol!,
    via: via ?? null,
    first: place + 1,
    last: place + 1,
    count: 1,
  };
}

/** What is at least probable, as `attribute: value lead`. */
function about(sketch: Sketch): string[] {
  const { decided } = describe(heard(sketch), knowledge);
  return Object.entries(decided).flatMap(([attribute, it]) => (it === null ? [] : `${attribute}: ${it.value} ${it.lead}`));
}

const os = (sketch: Sketch) => about({ mac: null, ...sketch }).find((line) => line.startsWith("os: "))?.slice(4) ?? null; // prettier-ignore

const SYN = {
  windows: "tcpSyn tcp: 8192:128:1:52:M1460,N,W8,N,N,S",
  linux: "tcpSyn tcp: 29200:64:1:60:M1460,S,T,N,W7",
  apple: "tcpSyn tcp: 65535:64:1:64:M1460,N,W6,N,N,T,S,E",
};

test("of an address alone nothing is known, of a card its maker is probable", () => {
  assert.deepEqual(about({ mac: null }), []);
  assert.deepEqual(about({}), ["maker: Philips 6"]);
});

test("no maker is read from a card of zeros, a made-up, random, virtual or shared one", () => {
  for (const mac of [
    "00:00:00:00:00:00",
    "00:11:22:33:44:55",
    "1a:2b:3c:4d:5e:6f",
    "52:54:00:12:34:56",
    "00:0c:29:12:34:56",
    "00:00:5e:00:01:07",
  ])
    assert.deepEqual(about({ mac }), [], mac);
  // A radio module's maker did not make the device; it is shown, and counts nothing.
  const { decided, evidence } = describe(heard({ mac: "24:0a:c4:12:34:56" }), knowledge);
  assert.equal(decided.maker, null);
  assert.deepEqual(
    evidence.map(({ attribute, value, weight }) => [attribute, value, weight]),
    [["maker", "Espressif", 0]],
  );
});

test("Macs say that they are Windows 7, and stay Macs", () => {
  assert.equal(
    os({ ttl: 64, claims: ["ntlmClientVersion ntlmssp: 6.1.7600", SYN.apple, "userAgent smb: Mac OS X 10.10; SMBFS 3.0.0"] }),
    "Apple system 24",
  );
});

test("an attack tool's system counts next to nothing", () => {
  assert.equal(os({ ttl: 64, claims: ["userAgent smb: Windows 2000 2195; Windows 2000 5.0"] }), null);
  assert.equal(os({ ttl: 128, claims: ["userAgent smb: Windows 2000 2195; Windows 2000 5.0", SYN.windows] }), "Windows 15");
});

test("Samba is not the Windows it says it is", () => {
  assert.equal(os({ claims: ["osStated smb: Windows 6.1", "lanManager smb: Samba 4.7.4-Debian"] }), "Linux 18");
  assert.equal(os({ claims: ["ntlmVersion ntlmssp: 6.1.0"] }), null, "a build of 0 is Samba's");
});

test("a user agent loses against the stack it comes from", () => {
  const scanner = "userAgent http: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)";
  assert.equal(os({ ttl: 64, claims: [scanner, SYN.linux] }), "Linux 12");
  // Several systems behind one address: none of them is told.
  assert.equal(os({ claims: [scanner, "userAgent http: Mozilla/5.0 (X11; Linux x86_64) Firefox/115"] }), null);
});

test("Android calls itself Linux too, and is one", () => {
  const claims = [
    "userAgent http: Dalvik/2.1.0 (Linux; U; Android 9)",
    "userAgent http: Mozilla/5.0 (X11; Linux x86_64) Chrome/60",
    "vendorClass dhcp: android-dhcp-9",
  ];
  assert.equal(os({ claims }), "Android 23");
});

test("the old table says XP of every Windows since Vista, so only Windows is taken from it", () => {
  assert.equal(os({ claims: ["tcpSyn tcp: 65535:128:1:64:M1460,N,W3,N,N,T0,N,N,S"] }), "Windows 12");
});

test("a server's challenge says Windows for sure, its release only probably", () => {
  assert.equal(os({ claims: ["ntlmVersion ntlmssp: 10.0.17763"] }), "Windows 20");
  assert.equal(os({ claims: ["osStated browser: 6.1"] }), "Windows 7 or Server 2008 R2 10");
  // Both releases that share a build speak for what they have in common.
  assert.equal(os({ claims: ["osStated smb: Windows 7 Professional 7601 Service Pack 1", "osStated browser: 6.1"] }), "Windows 7 15");
});

test("the initial TTL speaks for Windows or against it, and for nothing else", () => {
  assert.equal(os({ ttl: 64 }), null);
  assert.equal(os({ ttl: 128 }), "Windows 5");
  assert.equal(os({ ttl: 128, claims: [SYN.windows] }), "Windows 12", "the same packets count once");
  assert.equal(os({ ttl: 57 }), null);
});

test("a domain's age, a port's neighbor, a name: none of them is a kind", () => {
  for (const claim of ["hostname dhcp: OICU812-XP", "hostname nbns: NVR9", "askedAs dns: printer.example.org", "fileName tftp: pump.bin"])
    assert.deepEqual(about({ mac: null, claims: [claim] }), [], claim);
});

test("a switch that routes is a switch, whatever a pattern says of its description", () => {
  const catalyst = {
    mac: "00:18:ba:98:68:8f",
    claims: [
      "description cdp: Cisco IOS Software, C3560 Software (C3560-ADVIPSERVICESK9-M), Version 12.2(44)SE, RELEASE SOFTWARE (fc1)",
      "model cdp: cisco WS-C3560-24TS",
      "capability cdp: switch",
      "capability cdp: router",
    ],
  };
  assert.deepEqual(about(catalyst), ["kind: switch 22", "maker: Cisco 26", "model: cisco WS-C3560-24TS 18", "os: Cisco IOS 22"]);
});

test("a telephone with a second socket is a telephone", () => {
  const claims = ["capability lldp: bridge", "capability lldp: telephone"];
  assert.deepEqual(about({ mac: "00:18:ba:98:68:8f", claims }), ["kind: telephone 22", "maker: Cisco 6"]);
});

test("an office device is known by its own word and its card", () => {
  const claims = ["model mdns: HP LaserJet 400 M401dne"];
  assert.deepEqual(about({ mac: "3c:d9:2b:12:34:56", claims }), ["kind: printer 22", "maker: HP 24", "model: HP LaserJet 400 M401dne 18"]);
  // Without the card, or from a port alone, it is probable at most.
  assert.deepEqual(about({ mac: null, claims }), ["kind: printer 16", "maker: HP 18", "model: HP LaserJet 400 M401dne 18"]);
  const roles: RoleRow[] = [{ role: "server", transport: "tcp", port: 9100, protocol: "", answered: 4 }];
  assert.deepEqual(about({ mac: null, roles }), []);
});

test("a model is taken from an announcement when it is one, and a name that is a model makes a kind probable", () => {
  const card = "b0:c5:54:12:34:56";
  const announced = ["upnpServer ssdp: Linux, UPnP/1.0 DCS-935L/1.0", "upnpServer ssdp: Linux/3.1 UPnP/1.0 MiniUPnPd/1.7"];
  assert.deepEqual(about({ mac: card, claims: announced }), ["kind: camera 22", "maker: D-Link 24", "model: DCS-935L 18", "os: Linux 8"]);
  assert.deepEqual(about({ mac: card, claims: ["hostname dhcp: DCS-935L"] }), ["kind: camera 9", "maker: D-Link 6"]);
  assert.deepEqual(about({ mac: null, claims: ["hostname dhcp: DCS-935L"] }), []);
  // Of a bedside device the card is no witness.
  assert.deepEqual(about({ claims: ["hostname dhcp: MX800"] }), ["maker: Philips 6"]);
});

test("a bedside device is asserted only by its exact model and a second witness that is no card", () => {
  const monitor = "model lldp: IntelliVue MX800";
  assert.deepEqual(about({ claims: [monitor] }).slice(0, 2), ["kind: patient monitor 14", "maker: Philips 26"]);
  // The class its maker's firmware sends with DHCP is a second witness.
  assert.deepEqual(about({ claims: [monitor, "vendorClass dhcp: Philips IntelliVue"] })[0], "kind: patient monitor 24");
  // Without its own word it stays probable, however much agrees.
  assert.deepEqual(about({ claims: ["vendorClass dhcp: Philips IntelliVue"] })[0], "kind: patient monitor 10");
});

test("a scanner that sends what it makes is known; an archive that passes it on is none", () => {
  const ct = [
    "modality dicom: CT",
    "dicomRole dicom: storage sender",
    "sopClass dicom: 1.2.840.10008.5.1.4.1.1.2",
    "model dicom: SOMATOM Force",
    "maker dicom: SIEMENS",
  ];
  assert.deepEqual(about({ mac: null, claims: ct }), ["kind: CT scanner 22", "maker: Siemens Healthineers 20", "model: SOMATOM Force 20"]);
  // Many ask for all there is, and send one.
  const asks = [
    "dicomRole dicom: storage sender",
    "sopClass dicom: 1.2.840.10008.5.1.4.1.1.2",
    "sopClass dicom: 1.2.840.10008.5.1.4.1.1.4",
  ];
  assert.deepEqual(about({ mac: null, claims: asks }), []);
  assert.deepEqual(about({ mac: null, claims: [...asks, "storedClass dicom: 1.2.840.10008.5.1.4.1.1.4"] }), ["kind: MR scanner 8"]);
  const archive = [
    "dicomRole dicom: archive",
    "dicomRole dicom: storage receiver",
    "dicomRole dicom: storage sender",
    "modality dicom: CT",
    "sopClass dicom: 1.2.840.10008.5.1.4.1.1.2",
  ];
  assert.deepEqual(about({ mac: null, claims: archive }), ["kind: image archive 8"]);
  assert.deepEqual(about({ mac: null, claims: ["modality dicom: CT", "modality dicom: MR"] }), []);
});

test("a type announced beside its maker's name is supported by the maker's card", () => {
  const claims = ["capability ssdp: Belkin:device:controllee"];
  assert.deepEqual(about({ mac: "94:10:3e:12:34:56", claims }), ["kind: power outlet 22", "maker: Belkin 24"]);
  assert.deepEqual(about({ mac: "00:18:ba:12:34:56", claims })[0], "kind: power outlet 16");
});

test("a controller is known by its record and by answering", () => {
  const roles: RoleRow[] = [{ role: "server", transport: "udp", port: 47808, protocol: "bacnet", answered: 3 }];
  const claims = ["model bacnet: NAE5510", "maker bacnet: Johnson Controls, Inc.", "serial bacnet: NCE-0012345"];
  assert.deepEqual(about({ mac: null, claims, roles }), [
    "kind: building controller 22",
    "maker: Johnson Controls 20",
    "model: NAE5510 20",
    "serial: NCE-0012345 20",
  ]);
});

test("another's word is worth half and asserts nothing", () => {
  assert.deepEqual(about({ mac: null, claims: ["model mdns via 10.0.0.9: IntelliVue MX800"] }), [
    "kind: patient monitor 8",
    "maker: Philips 9",
    "model: IntelliVue MX800 9",
  ]);
});

test("several servers behind one address tell nothing of the machine", () => {
  assert.equal(os({ claims: ["serverBanner http: Microsoft-IIS/7.5"] }), "Windows 8");
  assert.equal(os({ claims: ["serverBanner http: Microsoft-IIS/7.5", "serverBanner http: nginx/1.18"] }), null);
});

test("what its record says of its software is sure, whatever programs beside it say of themselves; of several programs none is", () => {
  const software = (...claims: readonly string[]) => about({ mac: null, claims }).find((line) => line.startsWith("software")) ?? null;
  const banner = "serverBanner ssh: SSH-2.0-dropbear_2019.78";
  assert.equal(software("software lldp: 688U000003", banner, "serverBanner http: lighttpd/1.4.31"), "software: 688U000003 20");
  assert.equal(software("software dicom: syngo CT VA40", "dicomImplementation dicom: 1.3.12.2.1107.5.9 SIEMENS_S7VB40A"), "software: syngo CT VA40 20"); // prettier-ignore
  assert.equal(software(banner), "software: dropbear 2019.78 6", "a banner is forged without effort: it stays probable");
  assert.equal(software(banner, "serverBanner mysql: MySQL 8.0.36"), null);
  // Another's word of its record takes no program away.
  assert.equal(software("software lldp via 10.0.0.9: 688U000003", banner), null);
});

test("where it is, is where it was last said to be", () => {
  const place = (claims: readonly string[]) => about({ mac: null, claims }).filter((line) => line.startsWith("location"));
  assert.deepEqual(place(["location lldp: floor 2, room 214", "location lldp: floor 3, room 311"]), ["location: floor 3, room 311 20"]);
  assert.deepEqual(place(["location lldp: room 214", "switchPort dhcp: Gi1/0/4 of sw3"]), ["location: room 214 20"]);
  assert.deepEqual(place(["switchPort dhcp: Gi1/0/4 of sw3"]), ["location: Gi1/0/4 of sw3 20"]);
});

test("names that differ in capitals, punctuation and domain are one", () => {
  const { names, name } = describe(
    heard({
      claims: [
        "hostname dhcp: CT-2",
        "hostname ntlmssp: ct-2.radiology.example.org",
        "hostname nbns: CT2",
        "askedAs dns: archive.example.org",
      ],
    }),
    knowledge,
  );
  assert.deepEqual(
    names.map(({ value, lead }) => `${value} ${lead}`),
    ["CT-2 20", "archive.example.org 10"],
  );
  assert.equal(name, "CT-2");
});

test("without a name it is called by its maker and label, else by its address", () => {
  const name = (sketch: Sketch) => describe(heard(sketch), knowledge).name;
  assert.equal(name({}), "Philips 12:34:56");
  assert.equal(name({ mac: null }), "10.0.0.7");
  assert.equal(name({ mac: "02:00:00:00:00:07", ip: null }), "02:00:00:00:00:07");
  // What was withheld is no name to show.
  assert.equal(name({ mac: null, claims: ["namePattern dhcp: aaaa-999", "nameHash dhcp: 1f2e3d"] }), "10.0.0.7");
  assert.equal(name({ child: "SN12345", mac: null }), "SN12345");
});

test("a child behind a gateway is known by its number", () => {
  assert.deepEqual(about({ mac: null, ip: null, child: "SN12345" }), ["serial: SN12345 20"]);
  // It wore no frames: how often its gateway told of it is how often it was heard.
  const [own] = describe(heard({ mac: null, child: "SN12345", claims: ["model hl7: V3"] }), knowledge).evidence.filter((it) => it.attribute === "serial"); // prettier-ignore
  assert.equal(own?.count, 1);
});

test("what is only known to be medical counts as life-supporting", () => {
  const care = (sketch: Sketch) => describe(heard(sketch), knowledge).lifeCritical;
  assert.equal(care({}), "life-supporting");
  assert.equal(care({ claims: ["model lldp: Allura Xper FD20"] }), "diagnostic");
  assert.equal(care({ mac: null, claims: ["dicomRole dicom: query client"] }), "diagnostic");
  assert.equal(care({ mac: null, claims: ["hl7Role hl7: sends orders"] }), "clinical IT");
  assert.equal(care({ mac: "00:18:ba:98:68:8f" }), "other");
});

test("routers, groups and addresses outside stand apart", () => {
  const standing = (sketch: Sketch) => describe(heard(sketch), knowledge).standing;
  assert.equal(standing({}), "device");
  assert.equal(standing({ carrier: true }), "carrier");
  assert.equal(standing({ mac: null, ip: "203.0.113.9", outside: true }), "outside");
  assert.equal(standing({ mac: "01:00:5e:00:00:fb", ip: "224.0.0.251" }), "group");
  assert.equal(standing({ mac: "ff:ff:ff:ff:ff:ff", ip: "255.255.255.255", macs: [] }), "group");
  // A router by its deeds alone is probable; one that also says so is known.
  assert.deepEqual(about({ mac: null, carrier: true }), ["kind: router 8"]);
  assert.deepEqual(about({ mac: null, carrier: true, claims: ["capability lldp: router"] }), ["kind: router 24"]);
});

test("a person's word wins, with his name and reason", () => {
  const said = new Map([["kind" as const, { value: "ventilator", who: "mara", reason: "read off the label", at: 5 }]]);
  const { decided, lifeCritical, evidence } = describe(heard({ said }), knowledge);
  assert.deepEqual(decided.kind, { value: "ventilator", confidence: 0.99, lead: 99, saidBy: "mara" });
  assert.equal(lifeCritical, "life-supporting");
  assert.deepEqual(evidence[0], {
    attribute: "kind", value: "ventilator", observed: "operator", raw: "mara", protocol: "", via: null, group: "operator", weight: 99, why: "read off the label",
    first: 5, last: 5, count: 1,
  }); // prettier-ignore
});

test("a person's name for it comes first, and his care class goes before that of the kind", () => {
  const word = (value: string) => ({ value, who: "mara", reason: "ward round", at: 5 });
  const said = new Map([["names" as const, word("ICU-07 pump 2")], ["lifeCritical" as const, word("therapy")]] as const); // prettier-ignore
  const { name, names, lifeCritical } = describe(
    heard({ said, claims: ["hostname dhcp: ICU07-PUMP2", "hostname nbns: OTHER"] }),
    knowledge,
  );
  assert.equal(name, "ICU-07 pump 2");
  assert.deepEqual(
    names.map(({ value, lead }) => `${value} ${lead}`),
    ["ICU-07 pump 2 99", "OTHER 20"],
  );
  assert.equal(lifeCritical, "therapy");
});

test("evidence stands strongest first, and what repeats counts once and says so", () => {
  const { evidence } = describe(
    heard({ ttl: 128, claims: ["vendorClass dhcp: MSFT 5.0", "dhcpFingerprint dhcp: 1,15,3,6,44,46,47,31,33,121,249,43"] }),
    knowledge,
  );
  assert.deepEqual(
    evidence.map(({ attribute, value, group, weight, why }) => `${attribute} ${value} ${group} ${weight}: ${why}`),
    [
      "maker Philips MAC 6: the card's prefix is registered to Philips Patient Monitoring",
      "os Windows DHCP 15: asks for its address as such",
      "os Windows DHCP 0: asks for options as Vista / 7 / Server 2008 does; counted once, as of: asks for its address as such",
      "os Windows TCP 5: Windows starts at 128, hardly any other does",
      "lifeCritical life-supporting kind 0: Philips makes medical devices; while its kind is not known we take the careful side",
    ],
  );
});

test("a kind is what a person means by it, and one of his own making takes no care away", () => {
  const says = (value: string) => {
    const said = new Map([["kind", { value, who: "mara", reason: "ward round", at: 5 }]] as const); // prettier-ignore
    const { decided, lifeCritical } = describe(heard({ said, claims: [] }), knowledge);
    return `${decided.kind?.value}: ${lifeCritical}`;
  };
  assert.equal(says("ventilator"), "ventilator: life-supporting");
  assert.equal(says("Ventilator"), "ventilator: life-supporting");
  assert.equal(says("Infusion  Pump"), "infusion pump: therapy");
  assert.equal(says("Anaesthesia machine"), "anesthesia machine: life-supporting");
  assert.equal(says("Beatmungsgerät"), "Beatmungsgerät: life-supporting");
  assert.equal(says("printer"), "printer: other");
});

test("a name asked for in full is the same name", () => {
  const { names } = describe(heard({ claims: ["hostname dhcp: EHR01", "askedAs dns: ehr01.clinic.example", "askedAs dns: www.clinic.example"] }), knowledge); // prettier-ignore
  assert.deepEqual(names.map(({ value }) => value), ["EHR01", "www.clinic.example"]); // prettier-ignore
});

/** As `gather` has it of a service that answered. */
const answers = (protocol: string, port: number): RoleRow => ({ role: "server", transport: "tcp", port, protocol, answered: 3 });
const kindOf = (sketch: Sketch) => about({ mac: null, ...sketch }).find((line) => line.startsWith("kind: "))?.slice(6) ?? null; // prettier-ignore

test("what serves others is a server of that kind, as far as nothing else tells what it is", () => {
  assert.equal(kindOf({ roles: [answers("mqtt", 1883)] }), "message broker 8");
  assert.equal(kindOf({ roles: [answers("dns", 53)] }), "network server 8");
  assert.equal(kindOf({ claims: ["lanManager smb: Samba 4.17.12-Debian"] }), "file server 6");
  assert.equal(kindOf({ claims: ["serverBanner ssh: SSH-2.0-OpenSSH_9.2p1 Debian-2"] }), "server 6");
  // Several services: a server, and of which kind is open.
  assert.equal(kindOf({ roles: [answers("dns", 53), answers("mysql", 3306)] }), "server 8");
  assert.equal(kindOf({ claims: ["serverBanner ssh: SSH-2.0-dropbear_2019.78"] }), null, "devices run that");
});

test("what a balancer answers is the word of the servers behind it", () => {
  const server = "serverBanner http: lighttpd/1.4.69";
  assert.deepEqual(about({ mac: null, claims: [server] }), ["software: lighttpd 1.4.69 6"]);
  assert.deepEqual(about({ mac: null, claims: [server, "passesOn http: lighttpd/1.4.69"] }), []);
  const own = ["serverBanner http: nginx/1.22.1", "passesOn http: Jetty(9.4)"];
  assert.deepEqual(about({ mac: null, claims: own }), ["kind: server 6", "software: nginx 1.22.1 6"], "one that puts its own name there");
});

test("a UPnP type names a kind; a program that shares files is none, nor a computer that is no Windows", () => {
  assert.equal(kindOf({ claims: ["capability ssdp: schemas-upnp-org:device:InternetGatewayDevice"] }), "router 16");
  assert.equal(kindOf({ claims: ["capability ssdp: schemas-upnp-org:device:MediaRenderer"] }), "media player 16");
  assert.equal(kindOf({ claims: ["capability ssdp: schemas-upnp-org:device:MediaServer"] }), null);
  assert.equal(kindOf({ claims: ["capability ssdp: schemas-upnp-org:device:InternetGatewayDeviceTester"] }), null);
  assert.equal(kindOf({ claims: ["capability wsdiscovery: Computer"] }), "workstation 16");
  assert.equal(kindOf({ ttl: 128, claims: ["capability wsdiscovery: Computer"] }), "workstation 16");
  assert.equal(kindOf({ ttl: 64, claims: ["capability wsdiscovery: Computer"] }), null, "wsdd beside Samba");
  const product = "Debian/6.1 UPnP/1.1 MiniUPnPd/2.3.1";
  assert.deepEqual(about({ mac: null, claims: [`upnpServer ssdp: ${product}`] }), ["software: MiniUPnPd 2.3.1 6", "os: Debian 8"]);
  assert.deepEqual(about({ mac: null, claims: [`serverBanner http: ${product}`] }), ["software: MiniUPnPd 2.3.1 6"], "and not Debian 6.1");
});

test("an exchange answers on the port that telephones have, and is none; a telephone with a web server is no server", () => {
  const exchange = "serverBanner sip: kamailio (5.6.3 (x86_64/linux))";
  assert.equal(kindOf({ claims: [exchange], roles: [answers("sip", 5060)] }), "telephone exchange 6");
  assert.equal(
    kindOf({ claims: ["serverBanner sip: Nobody/1.0", "serverBanner http: nginx/1.18.0"], roles: [answers("sip", 5060)] }),
    null,
  );
});

test("a medical device with a web server, a database, a name server is no server", () => {
  const beside = { claims: ["serverBanner http: Microsoft-IIS/10.0"], roles: [answers("tds", 1433)] };
  assert.equal(kindOf(beside), "database server 8");
  assert.equal(kindOf({ ...beside, mac: MAC }), null, "its card is of Philips");
  assert.equal(kindOf({ ...beside, claims: [...beside.claims, "hl7Role hl7: receives results"] }), null, "it takes part in care");
  assert.equal(kindOf({ ...beside, claims: [...beside.claims, "dicomRole dicom: archive"] }), "image archive 8");
  assert.equal(kindOf({ roles: [answers("dns", 53)], carrier: true }), "router 8");
});

test("who sends on the messages it receives is a clinical system; who answers others' with its own is none", () => {
  assert.equal(kindOf({ claims: ["hl7Role hl7: receives admissions", "hl7Role hl7: sends admissions"] }), "clinical system 8");
  assert.equal(kindOf({ claims: ["hl7Role hl7: receives orders", "hl7Role hl7: sends results"] }), null);
  const passing = ["hl7Role hl7: receives results", "hl7Role hl7: sends results"];
  assert.equal(kindOf({ claims: [...passing, "dicomRole dicom: archive"] }), "image archive 8");
  assert.equal(kindOf({ claims: [...passing, "serverBanner http: nginx/1.18.0"] }), "clinical system 8");
});

test("what answers for a printer of its own is one; a queue, of which no model is told, is none", () => {
  assert.equal(kindOf({ claims: ["model ipp: Press 7"] }), "printer 16");
  assert.equal(kindOf({ claims: ["model mdns: Press 7"] }), null);
  assert.equal(kindOf({ claims: ["model ipp: Press 7"], roles: [answers("pjl", 9100)] }), "printer 24");
});

test("what treats a patient is known by its exact model beside what it does in the protocol of its trade, and by neither alone", () => {
  const pump = ["deviceCode hl7: MDC_DEV_PUMP_INFUS_LVP_MDS", "maker hl7: B. Braun"];
  const infuses = "capability hl7: infuses fluid";
  assert.equal(kindOf({ claims: [...pump, "model hl7: Infusomat Space", infuses] }), "infusion pump 22");
  assert.equal(kindOf({ claims: [...pump, "model hl7: Infusomat Space"] }), "infusion pump 14");
  assert.equal(kindOf({ claims: [...pump, "model hl7: Nobody's Pump", infuses] }), "infusion pump 19", "its model is none we know");
  assert.equal(kindOf({ claims: [infuses] }), "infusion pump 8");
  const monitor = ["maker intellivue: Philips", "model intellivue: MX800"];
  assert.equal(kindOf({ claims: monitor, roles: [answers("intellivue", 24_105)] }), "patient monitor 22");
  assert.equal(kindOf({ claims: monitor }), "patient monitor 14");
});

test("what several kinds do is no kind, and the second witness of the one a device says it is", () => {
  const pump = "model lldp: Infusomat Space";
  const infusions = "hl7Role hl7: sends infusions";
  assert.equal(kindOf({ claims: [pump, infusions] }), "infusion pump 20");
  assert.equal(kindOf({ claims: [pump, infusions, "speaksFor hl7: BB12770"] }), "infusion pump 20");
  assert.equal(kindOf({ claims: ["model lldp: Perfusor Space", infusions] }), "syringe pump 20");
  assert.equal(kindOf({ claims: ["model lldp: IntelliVue MX800", "hl7Role hl7: sends measurements"] }), "patient monitor 20");
  assert.equal(kindOf({ claims: ["model snmp: IntelliVue Information Center iX", "hl7Role hl7: receives measurements"] }), "central station 20"); // prettier-ignore
  // A program for tests on somebody's laptop says all of that, but not what it is.
  const laptop = ["vendorClass dhcp: MSFT 5.0", "hostname nbns: INFUSOMAT-7", infusions, "hl7Role hl7: sends alarms", "speaksFor hl7: BB1"];
  assert.equal(kindOf({ claims: laptop }), null);
  assert.equal(kindOf({ mac: "00:12:21:12:34:56", claims: laptop }), null, "not on a card of the pump's maker either");
  // What it is called, what it is called by others, and a beginning of a model are not its own exact word.
  assert.equal(kindOf({ claims: ["model lldp via 10.0.0.9: Infusomat Space", infusions] }), "infusion pump 7");
  assert.equal(kindOf({ claims: ["vendorClass dhcp: Philips IntelliVue", "hl7Role hl7: sends measurements"] }), "patient monitor 10");
});

test("who says that it is a device and behaves as another, or for several, is not believed", () => {
  const pump = "model lldp: Infusomat Space";
  const infusions = "hl7Role hl7: sends infusions";
  assert.equal(kindOf({ claims: [pump, "hl7Role hl7: sends measurements"] }), "infusion pump 14", "it reports as a monitor");
  assert.equal(kindOf({ claims: [pump, "hl7Role hl7: receives infusions"] }), "infusion pump 14", "it takes what pumps report");
  assert.equal(kindOf({ claims: [pump, infusions, "hl7Role hl7: receives infusions"] }), "infusion pump 14", "it passes on");
  assert.equal(kindOf({ claims: [pump, infusions, "speaksFor hl7: A7001", "speaksFor hl7: B7002"] }), "infusion pump 14", "a gateway");
  assert.equal(kindOf({ claims: ["model lldp: IntelliVue MX800", infusions] }), "patient monitor 14");
  // A server of pumps stands for them by trade, and is no pump.
  const server = ["model snmp: OnlineSuite", "hl7Role hl7: receives infusions", infusions, "speaksFor hl7: A7001", "speaksFor hl7: B7002"];
  assert.equal(kindOf({ claims: server }), "pump server 20");
  assert.equal(kindOf({ claims: server.slice(1) }), "clinical system 8");
});

test("who sends images of several machines is none of them", () => {
  const sends = ["dicomRole dicom: storage sender", "storedClass dicom: 1.2.840.10008.5.1.4.1.1.2"];
  assert.equal(kindOf({ claims: [...sends, "speaksFor dicom: 11927"] }), "CT scanner 8");
  assert.equal(kindOf({ claims: [...sends, "speaksFor dicom: 11927", "speaksFor dicom: 11928"] }), null);
  const named = "model lldp: SOMATOM Force";
  assert.equal(kindOf({ claims: [named, "dicomRole dicom: storage sender"] }), "CT scanner 20");
  assert.equal(kindOf({ claims: [named, "dicomRole dicom: storage sender", "dicomRole dicom: archive"] }), "medical device 22", "it answers as an archive"); // prettier-ignore
});

test("images are their sender's own where it names their model in another protocol too", () => {
  const sends = ["dicomRole dicom: storage sender", "storedClass dicom: 1.2.840.10008.5.1.4.1.1.2", "imagesOf dicom: Brilliance iCT"];
  const named = "vendorClass dhcp: Philips Brilliance iCT";
  assert.equal(kindOf({ claims: [...sends, named] }), "CT scanner 32");
  assert.equal(kindOf({ claims: sends }), "CT scanner 8", "a router of images sends them too");
  assert.equal(kindOf({ claims: [...sends, "vendorClass dhcp: Philips Brilliance 64"] }), "CT scanner 18", "another model");
  assert.equal(kindOf({ claims: [...sends, "hostname dhcp: BRILLIANCE-ICT"] }), "CT scanner 8", "a name is no model");
  assert.equal(kindOf({ claims: [...sends, named, "speaksFor dicom: 4711", "speaksFor dicom: 4712"] }), "CT scanner 10");
  assert.equal(kindOf({ claims: [...sends, "model lldp: IntelliSpace PACS"] }), "medical device 22", "an archive that sends on what it keeps"); // prettier-ignore
});

test("who sends results to a laboratory's system, or introduces himself as a meter, belongs to the laboratory", () => {
  assert.equal(kindOf({ claims: ["capability lis: sends laboratory results"] }), "laboratory device 8");
  assert.equal(kindOf({ claims: ["capability lis: sends laboratory orders"] }), null);
  assert.equal(kindOf({ claims: ["serial poct1a: SN0001"] }), "laboratory device 8");
});
