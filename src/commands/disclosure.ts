/** `auscult disclosure`: what makers say that their models do on the network, beside what was heard; `letter` asks the maker. */
import { comparedTo, disclosedFrom } from "../disclosing.ts";
import { spelled } from "../knowledge/families.ts";
import { placeInWords, type DeclaredFlow, type DisclosedFlow, type DisclosureReport, type UndeclaredFlow } from "../model/disclosure.ts";
import type { Replay } from "../model/replay.ts";
import { modelInWords, type DisclosedModel } from "../policies/disclosed.ts";
import { makerLetter } from "../policies/maker-letter.ts";
import { clean } from "../bytes/text.ts";
import { replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, number, plural, print, say, table, time, type Column } from "./terminal.ts";

export interface DisclosureOptions extends PolicyOptions {
  readonly withAddresses?: boolean;
}

/** Without a model: those of the recording of which anything is known. */
export async function disclosure(wanted: string | undefined, options: DisclosureOptions): Promise<void> {
  const { replay, recording, path } = replayIn(options);
  const models = disclosedFrom(path, replay);
  const reports = (wanted === undefined ? models : [modelCalled(models, wanted, replay, recording)]).map((it) => comparedTo(replay, it));
  if (options.json === true) return print(`${JSON.stringify({ schema: "auscult.disclosure/1", recording, models: reports })}\n`);
  const [only] = reports;
  if (wanted !== undefined && only !== undefined) return printReport(only);
  if (reports.length === 0) return say(`Of no model of the recording ${recording} we know what its maker says of the network: auscult disclosure add takes a table of it in.`); // prettier-ignore
  await print(table(modelColumns, reports));
}

export async function disclosureLetter(wanted: string, options: DisclosureOptions): Promise<void> {
  const { replay, recording, path } = replayIn(options);
  const model = modelCalled(disclosedFrom(path, replay), wanted, replay, recording);
  await print(makerLetter(comparedTo(replay, model), options.withAddresses === true));
}

/** By a model as devices say it, with or without its maker, or by a device of it. */
function modelCalled(models: readonly DisclosedModel[], wanted: string, { machines }: Replay, recording: string): DisclosedModel {
  const key = spelled(wanted);
  const fit = models.filter((it) => {
    const { maker } = it.disclosure;
    const names = [modelInWords(it), ...it.models, ...it.models.map((own) => `${maker} ${own}`)];
    return names.some((name) => spelled(name) === key) || it.members.some(({ device }) => device.id === wanted);
  });
  if (fit.length === 1) return fit[0]!;
  if (fit.length > 1) throw new CommandError(`"${wanted}" fits ${fit.length} models: ${fit.map(modelInWords).join("; ")}`);
  const isHere = machines.some(({ device: { id, model, maker } }) => id === wanted || (model !== null && [model.value, `${maker?.value ?? ""} ${model.value}`].some((it) => spelled(it) === key))); // prettier-ignore
  if (isHere) throw new CommandError(`of ${wanted} nobody told us what its maker says of the network: auscult disclosure add takes a table of it in`); // prettier-ignore
  throw new CommandError(`expected a model of the recording ${recording} such as "Perseus A500", or a device of it, got "${wanted}"`);
}

// What was heard of it. -------------------------------------------------------------------------------------------------------------

async function printReport(report: DisclosureReport): Promise<void> {
  const { model, devices, probable, window, documents, doubts, counts } = report;
  say(`${clean(model)}: ${plural(devices, "device")}${probable === 0 ? "" : `, and ${number(probable)} only probably of it, of which nothing is said`}; ${plural(window.days, "day")} heard.`); // prettier-ignore
  for (const it of documents) say(`Held against ${clean(it)}${report.attached ? "" : ", of our own table"}.`);
  for (const it of doubts) say(it);
  await print(table(rowColumns, rowsOf(report)));
  say(`Of ${plural(counts.declared + counts.notDeclared + counts.cannotTell, "conversation")} ${number(counts.declared)} declared, ${number(counts.notDeclared)} not declared, of ${number(counts.cannotTell)} nobody can tell. Beside them ${number(counts.ground)} by which addresses are got and kept, and ${number(counts.refused)} that its devices refused.`); // prettier-ignore
  for (const { id, question, answer, heard } of report.stated) say(`MDS2 ${id}, ${clean(question)} ${clean(answer)}. Heard of ${number(heard)} of ${plural(devices, "device")}.`); // prettier-ignore
  if (counts.notDeclared > 0) say(`To ask the maker: auscult disclosure letter ${JSON.stringify(clean(model))}`);
}

interface Row {
  readonly answer: string;
  readonly flow: string;
  readonly what: string;
  readonly devices: string;
  readonly days: number;
  readonly last: number;
  readonly why: string;
}

function rowsOf({ declared, notDeclared, cannotTell, devices, doubts }: DisclosureReport): readonly Row[] {
  const heard = (it: DeclaredFlow | UndeclaredFlow) => ({ devices: `${it.devices} of ${devices}`, days: it.days, last: it.last });
  const unasked = (answer: string) => (it: UndeclaredFlow): Row => ({ ...heard(it), answer, flow: flowText(it.opens, it.peer, it.service), what: it.protocols.join(" "), why: it.because }); // prettier-ignore
  return [
    ...notDeclared.map(unasked("heard, not declared")),
    ...cannotTell.map(unasked("cannot tell")),
    ...declared.map((it) => ({ ...heard(it), answer: ANSWER_WORDS[it.answer], flow: flowText(it.opens, it.peers.join(" or "), serviceSaid(it)), what: it.purpose, why: [placeInWords(it), ...(it.need === "required" ? [] : [needInWords(it)]), ...(it.answer === "cannot tell" ? [doubts[0] ?? "none of its devices is known for sure"] : [])].join("; ") })), // prettier-ignore
  ];
}

const ANSWER_WORDS: Readonly<Record<DeclaredFlow["answer"], string>> = {
  heard: "declared and heard",
  "not heard yet": "declared, not heard yet",
  "cannot tell": "declared; cannot tell",
};

export function flowText(opens: DisclosedFlow["opens"], peer: string, service: string): string {
  return opens === "device" ? `device → ${peer} ${service}` : `${peer} → device ${service}`;
}

export function serviceSaid({ transport, ports, fixed }: DisclosedFlow): string {
  return `${transport} ${ports ?? "(no port named)"}${fixed ? "" : " or as the site set it"}`;
}

export function needInWords({ need }: DisclosedFlow): string {
  return need === "not told" ? "whether it is required is not told" : need;
}

const rowColumns: readonly Column<Row>[] = [
  { title: "Answer", text: (it) => it.answer, whole: true },
  { title: "Who opens what", text: (it) => it.flow },
  { title: "What for", text: (it) => it.what, drop: 1 },
  { title: "Devices", text: (it) => it.devices, right: true, whole: true },
  { title: "Days", text: (it) => String(it.days), right: true },
  { title: "Last", text: (it) => (it.last === 0 ? "" : time(it.last).slice(0, 10)), whole: true, drop: 2 },
  { title: "Why", text: (it) => it.why, drop: 3 },
];

const modelColumns: readonly Column<DisclosureReport>[] = [
  { title: "Model", text: (it) => it.model },
  { title: "Devices", text: (it) => String(it.devices), right: true },
  { title: "Declared", text: (it) => String(it.declared.length), right: true },
  { title: "Heard", text: (it) => String(it.declared.filter(({ answer }) => answer === "heard").length), right: true },
  { title: "Not declared", text: (it) => String(it.notDeclared.length), right: true },
  { title: "Cannot tell", text: (it) => String(it.cannotTell.length), right: true },
  { title: "Documents", text: (it) => it.documents.join("; "), drop: 1 },
];
