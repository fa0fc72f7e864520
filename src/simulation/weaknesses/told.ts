/**
 * What is wrong by what others tell: an advisory that names a model and its versions, a maker's SBOM of a model, a list of networks. Each
 * machine introduces itself by SNMP, as network cards of devices do; beside it stands the same in a version that is mended, or elsewhere.
 */
import { noise } from "../day.ts";
import type { Machine } from "../hospital.ts";
import { stacks } from "../stacks.ts";
import { asksAgent } from "../talk/snmp.ts";
import { secured } from "../talk/tls.ts";
import { asked, visited, type Doing, type Planted } from "./planted.ts";

/** Files that stand beside the capture, by what stands behind its name. */
export interface Beside {
  readonly ending: string;
  readonly text: string;
  /** An SBOM is of a model; a list was written at a moment ("2026-01-05 08:25"). */
  readonly of: { readonly model: string } | { readonly at: string };
}

interface Model extends Pick<Machine, "kind" | "maker" | "prefix"> {
  readonly model: string;
}

const PHILIPS = { maker: "Philips", prefix: "00:09:fb" } as const;
const TELEMETRY: Model = { ...PHILIPS, kind: "telemetry transmitter", model: "IntelliVue MX40" };
const BEDSIDE: Model = { ...PHILIPS, kind: "patient monitor", model: "IntelliVue MX450" };
const SMALL: Model = { ...PHILIPS, kind: "patient monitor", model: "Efficia CM120" };
const GATEWAY: Model = { ...PHILIPS, kind: "device gateway", model: "IntelliBridge EC40" };
const LISTED: Model = { ...PHILIPS, kind: "fetal monitor", model: "Avalon FM30" };
const SPARED: Model = { ...PHILIPS, kind: "fetal monitor", model: "Avalon FM50" };
const GUESTS = "10.20.240.0/24";
const RELEASE = "J.30.00";

export const told: readonly Planted[] = [
  named("ICSMA-17-255-01", "affected", TELEMETRY, "B.05.32", "B.06.18"),
  named("ICSMA-20-254-01", "affected", BEDSIDE, "M.04.01", "P.00.02"),
  named("ICSMA-21-322-02", "possible", SMALL, undefined, "D.01.00"),
  named("ICSMA-21-322-01", "affected", GATEWAY, "C.00.04", "C.00.05"),
  {
    name: "part openssl",
    weakness: "part openssl",
    answer: "affected",
    at: machine(LISTED),
    weak: introduced(LISTED, RELEASE),
    beside: { ...machine(SPARED), stack: stacks.linux },
    twin: introduced(SPARED, RELEASE),
  },
  {
    name: "guest-network",
    weakness: "guest-network",
    answer: "affected",
    at: { ...machine(BEDSIDE), net: "guests" },
    weak: introduced(BEDSIDE, "P.00.02"),
    beside: machine(BEDSIDE),
    twin: introduced(BEDSIDE, "P.00.02"),
  },
];

/** What others tell of them, as they would write it; milliseconds since 1970. */
export function papers(writtenMs: number): readonly Beside[] {
  const at = new Date(writtenMs).toISOString().slice(0, 16).replace("T", " ");
  return [
    { ending: "networks.csv", of: { at }, text: `network,name,location\r\n${GUESTS},Visitors,Main building\r\n` },
    { ending: "sbom.json", of: LISTED, text: sbom(LISTED, "exploitable") },
    { ending: "sbom-twin.json", of: SPARED, text: sbom(SPARED, "not_affected") },
  ];
}

/** CycloneDX 1.6. */
function sbom({ model }: Model, state: string): string {
  return JSON.stringify({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { timestamp: "2025-11-03T00:00:00Z", component: { type: "device", name: model, version: RELEASE } },
    components: [{ type: "library", name: "openssl", version: "1.0.1f", "bom-ref": "openssl" }],
    vulnerabilities: [{ id: "CVE-2014-0160", analysis: { state }, affects: [{ ref: "openssl" }] }],
  });
}

function named(advisory: string, answer: Planted["answer"], it: Model, old: string | undefined, mended: string): Planted {
  return { name: advisory, weakness: advisory, answer, at: machine(it), weak: introduced(it, old), twin: introduced(it, mended) };
}

function machine({ kind, maker, prefix, model }: Model): Extract<Planted["at"], object> {
  return { stack: stacks.controller, kind, maker, prefix, model };
}

/** It answers the management station, and somebody who works with it. */
function introduced({ maker, model }: Model, software: string | undefined): Doing {
  const asks = asked(161, "snmp", (day, at, it, by) => {
    const chassis = { maker, model, serial: `${model.replaceAll(" ", "")}-${it.number}`, ...(software === undefined ? {} : { software }) };
    asksAgent(day.wire, at, by, it, it.number, { description: model, name: it.name, location: "", chassis });
  });
  const works = visited(443, "tls", (day, it) => secured(`${it.name.toLowerCase()}.clinic.example`, noise(day, 64)));
  return (day, at, it, visitor) => {
    asks(day, at, it, visitor);
    works(day, at + 50_000, it, visitor);
  };
}
