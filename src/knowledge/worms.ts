/** Vulnerabilities known far beyond medicine, and the evidence each needs before it may be spoken of: `worms.tsv`. */
import { spelled } from "./families.ts";
import { table } from "./table.ts";

/** Every part that is there must be met. */
export interface WormRule {
  /** "MS17-010". */
  readonly name: string;
  readonly title: string;
  readonly cves: readonly string[];
  /** CVSS base score of the worst of them. */
  readonly cvss: number;
  /** Names of os.tsv, with all that lies under them, or builds of Windows; empty: any. */
  readonly systems: readonly string[];
  readonly answered: readonly Answered[];
  readonly said: { readonly attribute: string; readonly pattern: RegExp } | null;
  /** What the pattern's first group must be, as advisories write it; "" where it needs none. */
  readonly versions: string;
  /** As `spelled`, maker first; a "*" at the end stands for the rest. */
  readonly models: readonly string[];
  /** The most that may be said. */
  readonly answer: "affected" | "possible";
  readonly worm: boolean;
  /** What to keep others off: "TCP 445 and 139". */
  readonly off: string;
  readonly source: string;
}

export type Answered =
  | { readonly port: number; readonly transport: string }
  | { readonly operation: string }
  | { readonly protocol: string };

export function loadWorms(): readonly WormRule[] {
  return table("worms.tsv", 13).map(([name = "", title = "", cves = "", cvss, systems = "", answered = "", said = "", versions = "", models = "", answer, worm, off = "", source = ""]) => ({
    name,
    title,
    cves: listed(cves),
    cvss: Number(cvss),
    systems: listed(systems),
    answered: listed(answered).map(answeredOf),
    said: saidOf(said),
    versions,
    models: listed(models).map((model) => (model.endsWith("*") ? `${spelled(model)}*` : spelled(model))),
    answer: answer === "affected" ? "affected" : "possible",
    worm: worm === "worm",
    off,
    source,
  })); // prettier-ignore
}

function listed(cell: string): readonly string[] {
  return cell === "" ? [] : cell.split("; ");
}

function answeredOf(text: string): Answered {
  const [, transport, port] = /^(tcp|udp)\/(\d+)$/.exec(text) ?? [];
  if (transport !== undefined) return { transport, port: Number(port) };
  return text.startsWith("operation:") ? { operation: text.slice("operation:".length) } : { protocol: text };
}

function saidOf(text: string): WormRule["said"] {
  const [attribute = "", ...pattern] = text.split(" ");
  return text === "" ? null : { attribute, pattern: new RegExp(pattern.join(" "), "i") };
}
