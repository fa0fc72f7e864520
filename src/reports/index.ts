/** A report for one reader, of what pages and API answer. Pure: the same inputs give the same report to the byte, and no clock is read. */
import { createHash } from "node:crypto";
import { thousands } from "../bytes/thousands.ts";
import type { Report, ReportFor, ReportInputs, Section } from "../model/report.ts";
import { inputsOf } from "./figures.ts";
import { frameworks } from "./frameworks.ts";
import { ages, growth, reach, trend } from "./pictures.ts";
import { findings, inventory, lifecycle, risk, sample, support, today, unheard, weaknesses } from "./sections.ts";

const TITLES: Readonly<Record<ReportFor, string>> = {
  biomed: "Medical devices on the network: for the head of biomedical engineering",
  security: "Medical devices on the network: for the security officer",
  auditor: "Medical devices on the network: for an auditor",
};

/** Which sections each reader gets, in their order. */
const SECTIONS: Readonly<Record<ReportFor, readonly ((inputs: ReportInputs) => Section)[]>> = {
  biomed: [today, trend, inventory, risk, reach, lifecycle, growth, ages, support, weaknesses, unheard],
  security: [trend, risk, reach, weaknesses, support, findings, inventory, unheard],
  auditor: [frameworks, trend, inventory, risk, reach, weaknesses, findings, unheard],
};

export function reportOf(inputs: ReportInputs): Report {
  const { audience, coverage, fleet, version } = inputs;
  const sections = [...SECTIONS[audience], ...(inputs.sample === null ? [] : [sample])].map((section) => section(inputs));
  const mentioned = new Set(sections.flatMap((it) => it.table?.rows.flatMap((row) => row.flatMap((cell) => cell.devices ?? [])) ?? []));
  const digest = digestOf(inputs);
  return {
    audience,
    digest,
    title: TITLES[audience],
    about: [
      ["Period", coverage.from === null || coverage.to === null ? "nothing was heard" : `${time(coverage.from)} to ${time(coverage.to)} UTC`],
      ["Findings", inputs.days === null ? "all that nobody is done with" : `those heard in the last ${inputs.days} days; all else as it stands at the end`],
      ["Heard", `${thousands(coverage.frames)} frames by ${inputsOf(coverage.inputs.length)}; ${thousands(coverage.drops)} lost, ${thousands(coverage.malformed)} malformed`],
      ["Recording", coverage.recording],
      ["Knowledge", Object.entries(fleet.knowledge).map(([source, day]) => `${source} of ${day}`).join("; ") || "none with a date"],
      ...inputs.today.keptOut.map((words): readonly [string, string] => ["Newer knowledge", words]),
      ["Made by", `Auscult ${version}`],
      ["Digest of its inputs", digest],
    ],
    sections,
    names: new Map(fleet.devices.filter(({ id }) => mentioned.has(id)).map(({ id, name }) => [id, name])),
  };
} // prettier-ignore

/** SHA-256 over everything it is made of, with the keys of each object in their order. */
function digestOf(inputs: ReportInputs): string {
  const text = JSON.stringify(inputs, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  return createHash("sha256").update(text).digest("hex");
}

function time(at: number): string {
  return new Date(at / 1000).toISOString().slice(0, 19).replace("T", " ");
}
