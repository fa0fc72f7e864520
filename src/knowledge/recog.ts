/**
 * Recog's patterns for banners, compiled by `scripts/build-knowledge.ts`, which refuses those that run long on hostile input. A subject's
 * patterns are made when it is first asked for, and a text's answer is kept: a banner is matched once, when it is new.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Attribute } from "../model/observation.ts";
import { table } from "./table.ts";

type Subject = "http" | "realm" | "ftp" | "telnet" | "ssh" | "snmp" | "snmp-object" | "smb" | "dhcp-class" | "dns";

export interface Recognized {
  readonly os?: string;
  readonly maker?: string;
  readonly model?: string;
  readonly serial?: string;
}

export interface Recog {
  /** What a claim says by the patterns that `recog.tsv` has for it, and the source that is weighed as. */
  of(observed: Attribute, protocol: string, value: string): { readonly found: Recognized; readonly source: string } | null;
  /** What the first pattern that fits says; null when none does. */
  recognize(subject: Subject, text: string): Recognized | null;
}

/** As the patterns were tried: longer input could run longer. */
const LENGTH_MAX: Partial<Record<Subject, number>> = { snmp: 512 };
const LENGTH_MAX_ELSE = 256;
const ANSWERS_MAX = 8192;

type Says = Readonly<Record<string, string | number>>;
type Row = readonly [source: string, flags: string, says: Says];

export function loadRecog(): Recog {
  const subjects = new Map<Subject, readonly { readonly pattern: RegExp; readonly says: Says }[]>();
  const answers = new Map<string, Recognized | null>();
  const forms = Map.groupBy(
    table("recog.tsv", 7).map(([observed = "", protocol = "", subject, pattern = "", by = "", source = ""]) => ({
      observed,
      protocol,
      subject: subject as Subject,
      pattern: new RegExp(pattern),
      by,
      source,
    })),
    ({ observed }) => observed,
  );
  return { recognize, of };

  function of(observed: Attribute, protocol: string, value: string) {
    const form = forms.get(observed)?.find((it) => it.protocol === "*" || it.protocol === protocol);
    if (form === undefined) return null;
    const found = recognize(form.subject, value.replace(form.pattern, form.by));
    return found === null ? null : { found, source: form.source };
  }

  function recognize(subject: Subject, text: string): Recognized | null {
    const input = text.slice(0, LENGTH_MAX[subject] ?? LENGTH_MAX_ELSE);
    const key = `${subject} ${input}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    if (!subjects.has(subject)) subjects.set(subject, patternsOf(subject));
    let answer: Recognized | null = null;
    for (const { pattern, says } of subjects.get(subject)!) {
      const match = pattern.exec(input);
      if (match === null) continue;
      answer = recognized(says, match);
      break;
    }
    // The oldest goes: the first of a map in the order of arrival.
    if (answers.size >= ANSWERS_MAX) answers.delete(answers.keys().next().value!);
    answers.set(key, answer);
    return answer;
  }
}

function patternsOf(subject: Subject): { readonly pattern: RegExp; readonly says: Says }[] {
  const rows = JSON.parse(readFileSync(join(import.meta.dirname, `pack/recog/${subject}.json`), "utf8")) as Row[];
  return rows.map(([source, flags, says]) => ({ pattern: new RegExp(source, flags), says }));
}

function recognized(says: Says, match: RegExpExecArray): Recognized {
  const value = (name: string): string => {
    const said = says[name] ?? "";
    const text = typeof said === "number" ? (match[said] ?? "") : said;
    return text.replace(/\{([\w.]+)\}/g, (_, other: string) => value(other)).trim();
  };
  const found = {
    os: systemOf(value("os.vendor"), value("os.family"), value("os.product"), value("os.version")),
    maker: value("hw.vendor"),
    model: value("hw.product") || value("hw.model"),
    serial: value("hw.serial_number"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, it]) => it !== ""));
}

/** A product that is named like its maker's thing ("LaserJet", "iLO") is no system. */
function systemOf(vendor: string, family: string, product: string, version: string): string {
  if (family === "" && vendor !== "Microsoft" && !/Linux/.test(product)) return "";
  if (vendor === "Cisco" && family.startsWith("IOS")) return `Cisco ${family}${version === "" ? "" : ` ${majorOf(version)}`}`;
  if (family === "Windows" || vendor === "Microsoft") return product === "" ? "Windows" : product;
  if (family === "Linux" && product !== "" && product !== "Linux" && vendor !== "")
    return `${product}${version === "" ? "" : ` ${majorOf(version)}`}`;
  if (family === "Linux") return "Linux";
  if (!SYSTEMS.has(family)) return "";
  return version === "" ? family : `${family} ${majorOf(version)}`;
}

/** Families that are systems; of others (printers, switches) it is only their firmware's name. */
const SYSTEMS = new Set([
  "Mac OS X", "iOS", "Android", "FreeBSD", "OpenBSD", "NetBSD", "DragonFly BSD", "Solaris", "SunOS", "AIX", "HP-UX", "IRIX", "QNX", "VxWorks", "NetWare",
  "Junos OS", "JUNOS", "NX-OS", "SCO UnixWare",
]); // prettier-ignore

/** "10.9.5" and "10.9" are one release. */
function majorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
