/**
 * What machines say of themselves, read by tshark: another reader of the same bytes, so that no parser of ours vouches for itself.
 * Only a machine's own word about itself is taken, never what its card, its stack or its peers suggest.
 */
import { spawnSync } from "node:child_process";
import type { Attribute } from "./inventory.ts";
import { outputOf } from "./output.ts";

export interface Statement {
  /** MAC or IP. */
  readonly about: string;
  readonly attribute: Attribute;
  /** As it was said, or the part that is the value. */
  readonly text: string;
  readonly field: string;
}

interface Field {
  readonly field: string;
  /** Which address of the frame said it. */
  readonly about: "eth.src" | "ip.src" | "dhcp.hw.mac_addr";
  readonly attribute: Attribute;
  /** Other fields, and the values of them under which this is the sender's own word. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** What counts of it is the first group; a text it does not fit says nothing. */
  readonly pattern?: RegExp;
  /** Fields whose values follow it, with points between. */
  readonly followedBy?: readonly string[];
  /** What the text is the version of, where it says that alone. */
  readonly named?: string;
  /** A kind in place of the text. */
  readonly kind?: string;
}

/** Host announcement and local master: of domains (12) a name is no machine's. */
const OWN_ANNOUNCEMENTS = ["0x01", "0x0f"];
const YES = ["1", "True"];
const NO = ["0", "False"];

const FIELDS: readonly Field[] = [
  { field: "dhcp.option.hostname", about: "dhcp.hw.mac_addr", attribute: "names", only: { "dhcp.type": ["1"] } },
  { field: "lldp.tlv.system.name", about: "eth.src", attribute: "names" },
  { field: "cdp.deviceid", about: "eth.src", attribute: "names" },
  { field: "pn_dcp.suboption_device_nameofstation", about: "eth.src", attribute: "names" },
  { field: "browser.server", about: "ip.src", attribute: "names", only: { "browser.command": OWN_ANNOUNCEMENTS } },
  { field: "ntlmssp.challenge.target_info.nb_computer_name", about: "ip.src", attribute: "names" },
  { field: "ntlmssp.auth.hostname", about: "ip.src", attribute: "names", pattern: /^(?!NULL$)(.+)/ },
  // Registration and refresh, of the machine's own name, not its group's.
  {
    field: "nbns.name",
    about: "ip.src",
    attribute: "names",
    only: { "nbns.flags.opcode": ["5", "8", "9"], "nbns.nb_flags.group": NO },
    pattern: /^([^<*]+)<(?:00|20)>/,
  },

  { field: "lldp.tlv.system.desc", about: "eth.src", attribute: "os" },
  { field: "cdp.software_version", about: "eth.src", attribute: "os" },
  { field: "snmp.value.octets", about: "ip.src", attribute: "os", only: { "snmp.name": ["1.3.6.1.2.1.1.1.0"] } },
  { field: "ntp.ctrl.data", about: "ip.src", attribute: "os", pattern: /system="?([^",]+)/ },
  { field: "ssh.protocol", about: "ip.src", attribute: "os" },
  { field: "http.user_agent", about: "ip.src", attribute: "os" },
  // A server's version; a client's is not its own (Macs send that of Windows 7).
  {
    field: "ntlmssp.version.major",
    about: "ip.src",
    attribute: "os",
    only: { "ntlmssp.messagetype": ["0x00000002"] },
    followedBy: ["ntlmssp.version.minor", "ntlmssp.version.build_number"],
  },
  { field: "smb.native_os", about: "ip.src", attribute: "os", only: { "smb.flags.response": YES } },
  { field: "http.server", about: "ip.src", attribute: "os", pattern: /^(\S+?)[,;]? +UPnP\// },

  { field: "http.server", about: "ip.src", attribute: "software", only: { "http.response": YES }, pattern: /^(?!.*UPnP\/)(.+)/ },
  { field: "ssh.protocol", about: "ip.src", attribute: "software", only: { "tcp.srcport": ["22"] }, pattern: /^SSH-[\d.]+-(.+)/ },
  // A greeting is a sentence, of which only a program with its version counts.
  {
    field: "ftp.response.arg",
    about: "ip.src",
    attribute: "software",
    only: { "ftp.response.code": ["220"] },
    pattern: /\b(\w*ftpd?\w*[ -]v?\d[\w.]*)/i,
  },
  { field: "smb.native_lanman", about: "ip.src", attribute: "software", only: { "smb.flags.response": YES }, pattern: /^(Samba .+)/ },
  { field: "mysql.version", about: "ip.src", attribute: "software", named: "MySQL" },
  { field: "sip.Server", about: "ip.src", attribute: "software" },
  { field: "lldp.media.software", about: "eth.src", attribute: "software" },
  { field: "dicom.userinfo.version", about: "ip.src", attribute: "software" },

  { field: "lldp.media.manufacturer", about: "eth.src", attribute: "maker" },
  { field: "lldp.media.model", about: "eth.src", attribute: "model" },
  { field: "lldp.media.sn", about: "eth.src", attribute: "serial" },
  { field: "cdp.platform", about: "eth.src", attribute: "model" },
  { field: "cdp.platform", about: "eth.src", attribute: "maker", pattern: /^(cisco)\b/i },
  { field: "enip.lir.name", about: "ip.src", attribute: "model" },
  { field: "cip.id.product_name", about: "ip.src", attribute: "model" },
  { field: "enip.lir.serial", about: "ip.src", attribute: "serial" },
  // The order number, and the name beside it: either is the model.
  { field: "s7comm.szl.xy11.0001.anz", about: "ip.src", attribute: "model" },
  { field: "s7comm.szl.001c.0007.cputypname", about: "ip.src", attribute: "model" },
  { field: "s7comm.szl.001c.0005.serialn", about: "ip.src", attribute: "serial" },
  {
    field: "dns.txt",
    about: "ip.src",
    attribute: "model",
    only: { "udp.srcport": ["5353"] },
    pattern: /^(?:md|model|ty|product)=\(?([^)]+)/,
  },

  { field: "lldp.tlv.enable_system_cap.telephone", about: "eth.src", attribute: "kind", pattern: /^(?:1|True)$/, kind: "telephone" },
  { field: "cdp.capabilities.voip_phone", about: "eth.src", attribute: "kind", pattern: /^(?:1|True)$/, kind: "telephone" },
];

/** What tshark is asked for of each frame, in this order. */
export const COLUMNS: readonly string[] = [
  ...new Set(FIELDS.flatMap(({ field, about, only = {}, followedBy = [] }) => [field, about, ...Object.keys(only), ...followedBy])),
];
/** Of the index's protocols those that have a field above: the others need not be read again. */
const PROTOCOLS = new Set(FIELDS.map(({ field }) => field.split(".")[0]!.replace("dns", "mdns")));
/** Between several values of one field in one frame. */
export const BETWEEN = "\u001f";

/** As tshark names itself; undefined where it is not installed. */
export function tsharkVersion(): string | undefined {
  const { status, stdout } = spawnSync("tshark", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

export function hasStatements(protocols: readonly string[]): boolean {
  return protocols.some((it) => PROTOCOLS.has(it));
}

export async function statementsIn(file: string): Promise<readonly Statement[]> {
  // What an ICMP error quotes was said by another.
  const filter = `not icmp and not icmpv6 and (${[...new Set(FIELDS.map(({ field }) => field))].join(" or ")})`;
  const format = ["-T", "fields", "-E", `aggregator=${BETWEEN}`, ...COLUMNS.flatMap((field) => ["-e", field])];
  return statementsOf(await outputOf("tshark", ["-n", "-r", file, "-Y", filter, ...format]));
}

/** One line a frame, with tabs between `COLUMNS`. */
export function statementsOf(output: string): readonly Statement[] {
  const found = new Map<string, Statement>();
  for (const line of output.split("\n")) {
    const cells = line.split("\t").map((cell, at): [string, readonly string[]] => [COLUMNS[at]!, cell === "" ? [] : cell.split(BETWEEN)]);
    for (const it of inFrame(new Map(cells))) found.set(`${it.about} ${it.attribute} ${it.field} ${it.text}`, it);
  }
  return [...found.values()];
}

type Frame = ReadonlyMap<string, readonly string[]>;

function* inFrame(frame: Frame): Iterable<Statement> {
  for (const { field, about, attribute, only = {}, pattern, followedBy = [], named, kind } of FIELDS) {
    const texts = (frame.get(field) ?? []).map((text, at) => [text, ...followedBy.map((it) => frame.get(it)?.[at] ?? "0")].join("."));
    const before = named === undefined ? "" : `${named} `;
    // Of a tunnel's addresses the innermost spoke.
    const speaker = frame.get(about)?.at(-1);
    if (texts.length === 0 || speaker === undefined) continue;
    // Several messages in one frame, of which one is no such: tshark does not say which text is whose.
    const isOwn = ([other, own]: [string, readonly string[]]) => {
      const values = frame.get(other) ?? [];
      return values.length > 0 && values.every((value) => own.includes(value));
    };
    if (!Object.entries(only).every(isOwn)) continue;
    for (const text of texts) {
      const match = pattern === undefined ? text : pattern.exec(text);
      if (match === null || text === "") continue;
      const value = kind ?? (typeof match === "string" ? match : match[1]!);
      yield { about: speaker, attribute, text: `${before}${value.trim()}`, field };
    }
  }
}
