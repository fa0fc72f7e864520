/**
 * A capture in which patients, staff, visitors and secrets cross in the clear, in every way we can think of. Each scene has names of its
 * own, so that a name that comes out tells where it came in. The names are made up, and no words of any language.
 */
import { bytes, FIRST_AT, ipBytes, u16, type Frame } from "./frames.ts";
import { EVERYONE, group, Lan, type Connection, type Machine } from "./lan.ts";
import {
  dhcp,
  dicomAssociation,
  dicomElement,
  dicomItem,
  dicomMessage,
  dicomUnit,
  dns,
  dnsQuestion,
  dnsRecord,
  DnsType,
  domainName,
  hl7Header,
  latin,
  mllp,
  netbiosName,
  netbiosRegistration,
  TransferSyntax,
} from "./messages.ts";

interface Marked {
  readonly frames: readonly Frame[];
  /** What must come out nowhere. */
  readonly markers: readonly string[];
  /** Names of devices that do serve, and so are told: without them nothing would have been read. */
  readonly told: readonly string[];
}

const SECOND = 1_000_000;
const MOMENT = 10_000;
const CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2";
const STUDY_FIND = "1.2.840.10008.5.1.4.1.2.2.1";

type By = "client" | "server";
type Words = readonly (readonly [by: By, bytes: Uint8Array | string])[];

export function marked(): Marked {
  const scenes = new Scenes();
  hl7(scenes);
  dicom(scenes);
  secrets(scenes);
  unknown(scenes);
  names(scenes);
  return { frames: scenes.frames, markers: scenes.markers, told: ["RECORD@CLINIC", "CT_ROOM_2", "Film Imager", "archive-7"] };
}

class Scenes {
  readonly markers: string[] = [];
  readonly #lan = new Lan();
  #at = FIRST_AT;
  #machines = 0;

  get frames(): Frame[] {
    return this.#lan.frames;
  }

  /** A name that nobody may learn of. Without accents it may also stand where only letters may. */
  someone(name: string): string {
    this.markers.push(name);
    return name;
  }

  machine(): Machine {
    const number = ++this.#machines;
    const [high, low] = [number >> 8, number & 255];
    return { mac: `02:00:5e:10:${hex(high)}:${hex(low)}`, ip: `10.7.${high}.${low}` };
  }

  /** The time goes on from scene to scene. */
  next(): { readonly lan: Lan; readonly at: number } {
    this.#at += SECOND;
    return { lan: this.#lan, at: this.#at };
  }

  /** The same words heard whole, heard from their second word on, and at ports of other protocols. */
  dialogue(port: number, words: Words): void {
    this.#once(port, words, 0);
    for (let from = 1; from < Math.min(words.length, 4); from++) this.#once(port, words, from);
    for (const other of OTHER_PORTS.filter((it) => it !== port)) this.#once(other, words, 0);
  }

  /** `from`: so many words were said before anybody listened. */
  #once(port: number, words: Words, from: number): void {
    const { lan, at } = this.next();
    const heard = from === 0 ? lan : new Lan();
    const connection = heard.connect(at, this.machine(), this.machine(), port);
    words.slice(0, from).forEach((word) => say(connection, at, word));
    const before = heard === lan ? 0 : heard.frames.length;
    words.slice(from).forEach((word, index) => say(connection, at + (index + 1) * MOMENT, word));
    if (from === 0) return connection.close(at + SECOND / 2);
    for (const frame of heard.frames.slice(before)) lan.frame(frame.at!, frame.bytes);
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** Where other protocols are at home, and one where nobody is. */
const OTHER_PORTS = [21, 23, 80, 104, 2575, 20_000];

function say(connection: Connection, at: number, [by, words]: Words[number]): void {
  connection.say(at, by, typeof words === "string" ? latin(words) : words);
}

function hl7(scenes: Scenes): void {
  const patient = (name: string) => `PID|1||4711^^^CLINIC||${name}^ALPHA||19280101|F|||1 Long Road`;
  const answer: Words[number] = ["server", mllp(hl7Header("RECORD|CLINIC", "CARE|CLINIC", "ACK"), "MSA|AA|4711")];
  const sent = (name: string) => hl7Header("CARE|CLINIC", "RECORD|CLINIC", name);
  scenes.dialogue(2575, [
    [
      "client",
      mllp(
        sent("ADT^A01"),
        "EVN|A01||||Zzclerkadmission",
        patient(scenes.someone("Zzpatientadmission")),
        `NK1|1|${scenes.someone("Zzkinadmission")}^BETA|SPO`,
        `PV1|1|I|WARD 3^12^A||||4711^${scenes.someone("Zzdoctoradmission")}^C`,
      ),
    ],
    answer,
    [
      "client",
      mllp(
        sent("ORU^R01"),
        patient(scenes.someone("Zzpatientresults")),
        `OBX|1|ST|NOTE||seen by ${scenes.someone("Zznursenote")} at noon||||||F`,
        `NTE|1||${scenes.someone("Zzcommentnote")} is better`,
      ),
    ],
    answer,
  ]);
  scenes.markers.push("Zzclerkadmission");

  // The header has fields for secrets and numbers, and some systems put the patient into them.
  const security = scenes.someone("Zzsecurityheader");
  const number = scenes.someone("Zznumberheader");
  scenes.dialogue(6661, [
    ["client", mllp(`MSH|^~\\&|CARE|CLINIC|RECORD|CLINIC|2024|${security}|ADT^A08|${number}|P|2.5|||AL||||||`, patient(number))],
    ["server", mllp(hl7Header("RECORD|CLINIC", "CARE|CLINIC", "ACK"), `MSA|AE|${number}|unknown patient ${number}`)],
  ]);
  // Other separators, letters among them, line feeds, and no frame around it.
  const strange = scenes.someone("Zzpatientstrange");
  scenes.dialogue(5000, [
    ["client", mllp("MSH#!~?%#OTHER#CLINIC#RECORD#CLINIC#2024##ADT!A03#1#P#2.7", `PID#1##${strange}##${strange}!GAMMA`)],
  ]);
  scenes.dialogue(5001, [
    ["client", mllp("MSHQ^~\\&QOTHERQCLINICQRECORDQCLINICQ2024QQADT^A03Q1QPQ2.7", `PIDQ1QQ${scenes.someone("Zzpatientletters")}`)],
  ]);
  const bare = scenes.someone("Zzpatientbare");
  scenes.dialogue(5002, [["client", `${sent("ORU^R01")}\r\n${patient(bare)}\r\n`]]);
  const batch = scenes.someone("Zzpatientbatch");
  scenes.dialogue(5003, [["client", mllp(`FHS|^~\\&|${batch}|CLINIC`, `BHS|^~\\&|${batch}|CLINIC`, sent("ADT^A04"), patient(batch))]]);
  // Two bytes a character, both ways round, with a mark and without.
  const wide = scenes.someone("Zzpatientwide");
  const utf16 = Buffer.from(`${sent("ADT^A08")}\r${patient(wide)}\r`, "utf16le");
  scenes.dialogue(5004, [["client", bytes([0x0b], utf16, [0x1c, 0, 0x0d, 0])]]);
  scenes.dialogue(5005, [["client", bytes([0x0b], [0xff, 0xfe], utf16, [0x1c, 0, 0x0d, 0])]]);
  scenes.dialogue(5006, [["client", bytes([0x0b], [0xfe, 0xff], Buffer.from(utf16).swap16(), [0, 0x1c, 0, 0x0d])]]);
  scenes.dialogue(5007, [["client", bytes([0, 0x0b], Buffer.from(utf16).swap16(), [0, 0x1c, 0, 0x0d])]]);
  // Letters that need more than one byte.
  const accents = scenes.someone("Zzpatiënt Ærøskøbing");
  scenes.dialogue(5008, [["client", mllp(sent("ADT^A01"), patient(accents))]]);
  scenes.dialogue(5009, [["client", Buffer.from(`\x0b${sent("ADT^A01")}\r${patient(accents)}\r\x1c\r`, "latin1")]]);
}

function dicom(scenes: Scenes): void {
  for (const [name, syntax] of Object.entries(TransferSyntax)) {
    const patient = scenes.someone(`Zzpatient${name}image`);
    const id = scenes.someone(`Zzid${name}image`);
    const doctor = scenes.someone(`Zzdoctor${name}image`);
    const element = (groupNumber: number, tag: number, representation: string, content: string) =>
      dicomElement(syntax, groupNumber, tag, representation, Buffer.from(content));
    const image = bytes(
      element(0x0008, 0x0060, "CS", "CT"),
      element(0x0008, 0x0070, "LO", "Scan Works"),
      element(0x0008, 0x0090, "PN", doctor),
      element(0x0008, 0x1010, "SH", "CT_ROOM_2"),
      element(0x0008, 0x1030, "LO", `study of ${patient}`),
      element(0x0008, 0x1070, "PN", doctor),
      element(0x0010, 0x0010, "PN", `${patient}^ALPHA`),
      element(0x0010, 0x0020, "LO", id),
      element(0x0010, 0x1000, "LO", id),
      element(0x0010, 0x4000, "LT", `${patient} was restless`),
      element(0x0040, 0x0006, "PN", doctor),
      dicomElement(syntax, 0x7fe0, 0x0010, "OB", new Uint8Array(600)),
    );
    const query = bytes(
      element(0x0008, 0x0052, "CS", "STUDY"),
      element(0x0010, 0x0010, "PN", `${patient}*`),
      element(0x0010, 0x0020, "LO", id),
    );
    scenes.dialogue(11_112, [
      ["client", dicomAssociation(1, "ARCHIVE", "CT_ROOM_2", CT_IMAGE, syntax)],
      ["server", dicomAssociation(2, "ARCHIVE", "CT_ROOM_2", CT_IMAGE, syntax)],
      ["client", dicomMessage(0x0001, CT_IMAGE, image)],
      ["server", dicomMessage(0x8001, CT_IMAGE)],
      ["client", dicomUnit(5, new Uint8Array(4))],
    ]);
    scenes.dialogue(4242, [
      ["client", dicomAssociation(1, "ARCHIVE", "DESK_1", STUDY_FIND, syntax)],
      ["server", dicomAssociation(2, "ARCHIVE", "DESK_1", STUDY_FIND, syntax)],
      ["client", dicomMessage(0x0020, STUDY_FIND, query)],
      ["server", dicomMessage(0x8020, STUDY_FIND, bytes(query, element(0x0010, 0x0030, "DA", "19280101")))],
    ]);
  }
  // PS3.7 annex D.3.3.7: a user and a passcode ride on the association.
  const user = latin(scenes.someone("Zzstaffassociation"));
  const passcode = latin(scenes.someone("Zzsecretassociation"));
  const identity = dicomItem(0x58, bytes([2, 1], u16(user.length), user, u16(passcode.length), passcode));
  scenes.dialogue(104, [
    ["client", dicomAssociation(1, "ARCHIVE", "DESK_2", STUDY_FIND, TransferSyntax.explicit, identity)],
    ["server", dicomAssociation(2, "ARCHIVE", "DESK_2", STUDY_FIND, TransferSyntax.explicit)],
  ]);
}

function secrets(scenes: Scenes): void {
  const staff = scenes.someone("Zzstafftelnet");
  const secret = scenes.someone("Zzsecrettelnet");
  scenes.dialogue(2323, [
    ["server", "\xff\xfd\x18\xff\xfb\x01"],
    ["client", "\xff\xfc\x18\xff\xfd\x01"],
    ["server", "Tube Station 12\r\nlogin: "],
    ["client", `${staff}\r\n`],
    ["server", `${staff}\r\nPassword: `],
    ["client", `${secret}\r\n`],
    ["server", `\r\nLast login of ${staff}: Monday\r\n# `],
    ["client", `passwd ${secret}\r\n`],
    ["server", `\r\nWelcome back ${staff}\r\nlogin: `],
  ]);
  // Each key a segment of its own, echoed as it is typed: what a terminal does.
  const typed = scenes.someone("Zzstaffkeys");
  const key = scenes.someone("Zzsecretkeys");
  scenes.dialogue(2324, [
    ["server", "Console\r\nUsername: "],
    ...Array.from(`${typed}\r`, (it): Words => [
      ["client", it],
      ["server", it],
    ]).flat(),
    ["server", "\r\nPassword: "],
    ...Array.from(`${key}\r`, (it): Words[number] => ["client", it]),
    ["server", `\r\n${typed} is in\r\n# `],
    ["client", `passwd ${key}\r`],
  ]);

  const ftp = scenes.someone("Zzstaffftp");
  const pass = scenes.someone("Zzsecretftp");
  const folder = scenes.someone("Zzpatientfolder");
  scenes.dialogue(2121, [
    ["server", "220 Film Imager FTP server (VxWorks 5.5) ready.\r\n"],
    ["client", `USER ${ftp}\r\n`],
    ["server", `331 Password required for ${ftp}.\r\n`],
    ["client", `PASS ${pass}\r\n`],
    ["server", `230-Welcome ${ftp}\r\n230 User ${ftp} logged in.\r\n`],
    ["client", `ACCT ${pass}\r\nCWD /images/${folder}\r\n`],
    ["server", `250 "/images/${folder}" is the current directory.\r\n`],
    ["client", `STOR ${folder}.jpg\r\nRETR ${folder}.cfg.txt\r\n`],
    ["server", `550 ${folder}.jpg: no such file\r\n`],
  ]);

  // Tried one after the other, so that something is found, and its frames and words are searched as well.
  const guesses = Array.from("abcdefghij", (it) => scenes.someone(`Zzguessed${it}`));
  scenes.dialogue(21, [
    ["server", "220 Film Imager FTP server (VxWorks 5.5) ready.\r\n"],
    ...guesses.flatMap((it): Words => [
      ["client", `USER ${ftp}\r\n`],
      ["server", `331 Password required for ${ftp}.\r\n`],
      ["client", `PASS ${it}\r\n`],
      ["server", `530 ${it} is not the password of ${ftp}.\r\n`],
    ]),
  ]);

  const basic = scenes.someone("Zzstaffbasic");
  const login = Buffer.from(`${basic}:${scenes.someone("Zzsecretbasic")}`).toString("base64");
  const form = scenes.someone("Zzstaffform");
  const web = scenes.someone("Zzpatientquery");
  const cookie = scenes.someone("Zzsecretcookie");
  const body = `user=${form}&password=${scenes.someone("Zzsecretform")}&patient=${encodeURIComponent(`${web} Ærø`)}`;
  const json = JSON.stringify({ resourceType: "Patient", name: [{ family: scenes.someone("Zzpatientjson") }] });
  const head = "Host: gateway.clinic.example\r\nUser-Agent: Viewer/3.1\r\n";
  scenes.dialogue(8080, [
    ["client", `GET /setup?patient=${web} HTTP/1.1\r\n${head}Referer: http://gateway/${web}\r\nCookie: session=${cookie}\r\n\r\n`],
    ["server", `HTTP/1.1 401 Unauthorized\r\nServer: GoAhead-Webs\r\nWWW-Authenticate: Basic realm="Gateway"\r\nContent-Length: 0\r\n\r\n`],
    ["client", `GET /setup/${web} HTTP/1.1\r\n${head}Authorization: Basic ${login}\r\n\r\n`],
    [
      "server",
      `HTTP/1.1 302 Found\r\nServer: GoAhead-Webs\r\nLocation: /of/${web}\r\nSet-Cookie: id=${cookie}\r\nContent-Length: 0\r\n\r\n`,
    ],
    [
      "client",
      `POST /login HTTP/1.1\r\n${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ],
    ["server", `HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: ${json.length}\r\n\r\n${json}`],
    ["client", `GET / HTTP/1.1\r\n${head}Authorization: Digest username="${basic}", realm="Gateway", response="00"\r\n\r\n`],
  ]);

  const { lan, at } = scenes.next();
  const [manager, printer] = [scenes.machine(), scenes.machine()];
  const community = latin(scenes.someone("Zzsecretcommunity"));
  const contact = latin(scenes.someone("Zzstaffcontact"));
  const tlv = (tag: number, ...parts: Uint8Array[]) => bytes([tag, parts.reduce((sum, it) => sum + it.length, 0)], ...parts);
  // RFC 3418: sysContact.0.
  const variable = (value: Uint8Array) => tlv(0x30, tlv(0x30, tlv(0x06, Uint8Array.of(0x2b, 6, 1, 2, 1, 1, 4, 0)), value));
  const snmp = (pdu: number, value: Uint8Array) => {
    const one = (number: number) => tlv(0x02, Uint8Array.of(number));
    return tlv(0x30, one(1), tlv(0x04, community), tlv(pdu, one(7), one(0), one(0), variable(value)));
  };
  lan.udp(at, manager, printer, [50_000, 161], snmp(0xa0, tlv(0x05)));
  lan.udp(at + MOMENT, printer, manager, [161, 50_000], snmp(0xa2, tlv(0x04, contact)));
  lan.udp(at, manager, printer, [50_001, 69], bytes([0, 1], latin(`${scenes.someone("Zzpatienttftp")}.dcm`), [0], latin("octet"), [0]));
  lan.udp(at, printer, manager, [514, 514], latin(`<13>Jan  1 00:00:00 prn7 lpd: printed for ${scenes.someone("Zzstaffsyslog")}`));
}

/** What we have no parser for must end as well: counted, and nothing more. */
function unknown(scenes: Scenes): void {
  const mail = scenes.someone("Zzstaffmail");
  scenes.dialogue(25, [
    ["server", `220 mail.clinic.example ESMTP\r\n`],
    ["client", `EHLO desk\r\nMAIL FROM:<${mail}@clinic.example>\r\n`],
    ["server", `250 ${mail}@clinic.example sender ok\r\n`],
    ["client", `Subject: ${scenes.someone("Zzpatientmail")}\r\n\r\nis better\r\n.\r\n`],
  ]);
  scenes.dialogue(110, [
    ["server", "+OK ready\r\n"],
    ["client", `USER ${mail}\r\n`],
    ["server", "+OK\r\n"],
    ["client", `PASS ${scenes.someone("Zzsecretmail")}\r\n`],
  ]);
  const raw = scenes.someone("Zzpatientserial");
  scenes.dialogue(4001, [
    ["client", `\x02Q ${raw}\r\x03\r\nP 1 ${raw}, ${raw}\r`],
    ["server", `\x06 ${raw}\r\n`],
  ]);
  // An analyzer names itself in its header, CLSI LIS2 section 6; all that follows is the patient's.
  const patient = scenes.someone("Zzpatientanalyzed");
  scenes.dialogue(4002, [
    ["client", `\x05`],
    ["server", `\x06`],
    [
      "client",
      `\x021H|\\^&|||ANALYZER^2.1|||||||P|1\rP|1|${patient}|${patient}||${patient}^A\rO|1|${patient}||^^^GLU\rR|1|^^^GLU|${patient}\rC|1|I|${patient}\rL|1\r\x03`,
    ],
    ["server", `\x06`],
  ]);
  const { lan, at } = scenes.next();
  for (const port of [53, 123, 137, 161, 514, 1900, 3702, 5353, 20_001])
    lan.udp(at, scenes.machine(), scenes.machine(), [50_000, port], latin(`${raw} on a port of others, and long enough to be read`));
}

function names(scenes: Scenes): void {
  const { lan, at } = scenes.next();
  const router = scenes.machine();
  const leased = (name: string, client: Machine) => {
    const options = [[12, latin(name)], [81, bytes([0, 0, 0], latin(`${name}.home.example`))], [61, bytes([0], latin(name))]] as const; // prettier-ignore
    lan.udp(at, { ...client, ip: "0.0.0.0" }, EVERYONE, [68, 67], dhcp(1, client.mac, "0.0.0.0", [53, Uint8Array.of(3)], ...options));
    lan.udp(at + MOMENT, router, client, [67, 68], dhcp(2, client.mac, client.ip, [53, Uint8Array.of(5)]));
  };
  const telephone = scenes.machine();
  leased(scenes.someone("Zzvisitor-telephone"), telephone);
  const laptop = scenes.machine();
  leased(scenes.someone("Zzstaff-laptop"), laptop);

  const owner = scenes.someone("Zzvisitormdns");
  const everyone = group("224.0.0.251");
  const host = `${owner}-phone.local`;
  const instance = `${owner}'s phone._airplay._tcp.local`;
  const announcement = dns(0x8400, [], [
    dnsRecord("_airplay._tcp.local", DnsType.ptr, domainName(instance)),
    dnsRecord(instance, DnsType.srv, bytes(u16(0), u16(0), u16(7000), domainName(host))),
    dnsRecord(instance, DnsType.txt, bytes([owner.length + 5], latin(`note=${owner}`))),
    dnsRecord(host, DnsType.a, ipBytes(telephone.ip)),
  ]); // prettier-ignore
  lan.udp(at, telephone, everyone, [5353, 5353], announcement);
  lan.udp(at, telephone, everyone, [5353, 5353], dns(0, [dnsQuestion(`${owner}-laptop.local`)], []));

  lan.udp(at, laptop, EVERYONE, [137, 137], netbiosRegistration(scenes.someone("ZZSTAFFNBNS"), 0, laptop));
  lan.udp(at, laptop, EVERYONE, [137, 137], netbiosRegistration(scenes.someone("ZZUSERNBNS"), 3, laptop));
  const asked = bytes(
    u16(1),
    u16(0x0110),
    u16(1),
    u16(0),
    u16(0),
    u16(0),
    netbiosName(scenes.someone("ZZASKEDNBNS"), 0),
    u16(0x20),
    u16(1),
  );
  lan.udp(at, laptop, EVERYONE, [137, 137], asked);

  const llmnr = scenes.someone("Zzstaffllmnr");
  lan.udp(at, laptop, group("224.0.0.252"), [50_000, 5355], dns(0, [dnsQuestion(scenes.someone("Zzaskedllmnr"))], []));
  lan.udp(at, laptop, telephone, [5355, 50_000], dns(0x8000, [dnsQuestion(llmnr)], [dnsRecord(llmnr, DnsType.a, ipBytes(laptop.ip))]));

  // Somebody looks up somebody's page: neither may be told of a machine that serves nothing.
  const page = `${scenes.someone("Zzstaffpage")}.example`;
  lan.udp(at, laptop, router, [50_001, 53], dns(0x0100, [dnsQuestion(page)], []));
  lan.udp(at + MOMENT, router, laptop, [53, 50_001], dns(0x8180, [dnsQuestion(page)], [dnsRecord(page, DnsType.a, ipBytes(telephone.ip))]));

  // One that serves is a device, and told by its name: else the test would be kept by a program that tells nothing.
  const server = scenes.machine();
  leased("archive-7", server);
  const asks = dicomAssociation(1, "ARCHIVE", "DESK_3", STUDY_FIND, TransferSyntax.explicit);
  lan.connect(at + 2 * MOMENT, scenes.machine(), server, 104).say(at + 3 * MOMENT, "client", asks);
}
