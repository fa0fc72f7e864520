/** `auscult device ID`: what it is, how we know, who it talks to; `--merge` and `--split` say which addresses are one machine. */
import { clean } from "../bytes/text.ts";
import { type ConversationView, type DeviceDetail, type EvidenceRow, type Stated } from "../model/device.ts";
import type { RecordingReader } from "../model/store.ts";
import { whoSpeaks, whyApart, whyDivided, whyJoined, whyOtherNumber } from "../model/one-machine.ts";
import { sentenceOf } from "../model/sentence.ts";
import type { RecordingFile } from "../link/recording-files.ts";
import { startWithSiteKnowledge } from "../link/site-knowledge.ts";
import { careOf, stated, UNKNOWN } from "./devices.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, number, paint, plural, print, say, table, time } from "./terminal.ts";

const CANDIDATES_MAX = 1_000;
const CANDIDATES_NAMED = 5;
const CONVERSATIONS_SHOWN = 20;
const ADDRESSES_SHOWN = 8;

export interface DeviceOptions extends SayingOptions {
  readonly recording?: string;
  readonly json?: boolean;
  /** Another device, named as this one is. */
  readonly merge?: string;
  readonly split?: readonly string[];
}

export async function device(wanted: string, options: DeviceOptions): Promise<void> {
  const recording = recordingFor(options.data, options.recording);
  startWithSiteKnowledge(options.data);
  await divide(wanted, recording, options);
  await withReader(recording.path, async (reader) => {
    const found = await findDevice(reader, wanted, recording.name);
    const other = /^d\d+$/.test(wanted) ? whyOtherNumber(wanted, found) : null;
    if (other !== null) say(`  ${clean(other)}`);
    if (options.json) return await print(`${JSON.stringify({ schema: "auscult.device/1", ...found })}\n`);
    // All of it is asked first: where a part cannot be read, that is said alone.
    const { rows, total } = await reader.conversations(found.id, 0, CONVERSATIONS_SHOWN);
    await print(`${head(found)}\n${machineLines(found)}${evidenceTable(found)}\n`);
    for (const guard of await reader.guards(found.id)) say(`  ${guard.title}, ${guard.state}: ${guard.says}.`);
    await print(total === 0 ? "Talks to nobody we heard.\n" : conversationTable(found.id, rows));
    if (total > rows.length) say(`  ${number(total - rows.length)} of ${plural(total, "conversation")} more are on its page`);
  });
}

/** Says that it and another are one machine, or that some of its addresses are another one, where that is asked for. */
async function divide(wanted: string, recording: RecordingFile, options: DeviceOptions): Promise<void> {
  const { merge, split } = options;
  if (merge === undefined && split === undefined) return;
  if (merge !== undefined && split !== undefined) throw new CommandError("expected --merge or --split, got both");
  const [device, other] = await withReader(recording.path, async (reader) => {
    const { id } = await findDevice(reader, wanted, recording.name);
    return [id, merge === undefined ? "" : (await findDevice(reader, merge, recording.name)).id] as const;
  });
  await saying(recording.name, options, (writer, by) =>
    split === undefined ? writer.merge({ ...by, device, other }) : writer.split({ ...by, device, addresses: split }),
  );
  say("  Said, and written with your name; auscult changes lists it, auscult changes --undo takes it back.");
}

/** By id, else by whatever finds exactly one. */
export async function findDevice(reader: RecordingReader, wanted: string, recording: string): Promise<DeviceDetail> {
  const byId = await reader.device(wanted);
  if (byId !== null) return byId;
  // Whoever names one means it, also where it is outside.
  const filter = `"${wanted.replaceAll('"', "")}" and standing in (device, carrier, outside)`;
  const { rows, matching } = await reader.devices({ filter, sort: "name", descending: false, offset: 0, limit: CANDIDATES_MAX });
  const same = rows.filter((it) => [it.name, ...it.ips, ...it.macs].some((text) => text.toLowerCase() === wanted.toLowerCase()));
  const fit = same.length > 0 ? same : rows;
  const only = fit.length === 1 ? await reader.device(fit[0]!.id) : null;
  if (only !== null) return only;
  if (fit.length === 0)
    throw new CommandError(`expected a device of the recording ${recording}, found none for "${wanted}": auscult devices lists them`);
  const some = fit.slice(0, CANDIDATES_NAMED).map((it) => `${it.id} (${clean(it.name)})`);
  const count = same.length > 0 ? same.length : matching;
  throw new CommandError(`"${wanted}" fits ${plural(count, "device")}: ${some.join(", ")}${count > some.length ? ", …" : ""}`);
}

function head(it: DeviceDetail): string {
  const addresses = [...it.ips, ...it.macs].map(clean).slice(0, ADDRESSES_SHOWN).join("  ");
  const care = careOf(it) === UNKNOWN ? "care class not known" : it.lifeCritical;
  return `${paint("bold", clean(it.name))}   ${it.id}   ${care}\n${clean(sentenceOf(it))} ${it.last === 0 ? "Never heard: others wrote it down." : `Heard until ${time(it.last)}.`}\n${addresses}\n`;
}

/** Why its addresses are one machine, where that is more than a card and what it wears. */
function machineLines({ joined, apart, divided, spokenFor }: DeviceDetail): string {
  const lines = [...joined.map(whyJoined), ...apart.map(whyApart), ...divided.map((it) => `${whyDivided(it)} (change ${it.change})`)];
  if (spokenFor !== null) lines.unshift(whoSpeaks(spokenFor));
  return lines.length === 0 ? "" : `${lines.map((line) => clean(line)).join("\n")}\n\n`;
}

/** As the page calls them. */
const CLAIMS = {
  names: "Name",
  kind: "What it is",
  maker: "Maker",
  model: "Model",
  serial: "Serial number",
  udi: "Identifier (UDI)",
  software: "Software",
  os: "System",
  location: "Last heard at",
} as const;

interface Line {
  readonly claim: string;
  readonly value: string;
  readonly sure: string;
  readonly evidence: EvidenceRow | undefined;
}

/** Each claim with the evidence for it and against it, one line each. */
function evidenceTable(it: DeviceDetail): string {
  const lines = (Object.keys(CLAIMS) as (keyof typeof CLAIMS)[]).flatMap((claim): Line[] => {
    const said = claim === "names" ? (it.names[0] ?? null) : it[claim];
    const evidence = it.evidence.filter((row) => row.attribute === claim);
    return [
      { claim: CLAIMS[claim], value: stated(said), sure: sureness(said), evidence: evidence[0] },
      ...evidence.slice(1).map((row) => ({
        claim: "",
        value: row.value === said?.value || said === null ? "" : claim === "names" ? `also ${row.value}` : `or ${row.value}`,
        sure: "",
        evidence: row,
      })),
    ];
  });
  return table(
    [
      { title: "Claim", text: (line) => line.claim },
      { title: "Value", text: (line) => line.value, style: (line) => (line.value === UNKNOWN ? "gray" : undefined) },
      { title: "Sure", text: (line) => line.sure, right: true },
      { title: "How we know", text: ({ evidence }) => (evidence === undefined ? "nothing heard says so" : heardAs(evidence)) },
      {
        title: "Weight",
        text: ({ evidence }) => (evidence === undefined ? "" : `${evidence.weight > 0 ? "+" : ""}${evidence.weight}`),
        right: true,
      },
    ],
    lines,
  );
}

function sureness(it: Stated | null): string {
  if (it === null || stated(it) === UNKNOWN) return "";
  return it.saidBy === undefined ? `${Math.floor(it.confidence * 100)} %` : `said by ${it.saidBy}`;
}

/** "dhcp: what it calls itself (pump7)", and who said it where it was another. */
function heardAs({ protocol, why, raw, via }: EvidenceRow): string {
  const words = why.includes(raw) ? why : `${why} (${raw})`;
  return `${protocol === "" ? "" : `${protocol}: `}${words}${via === null ? "" : `, said by ${via}`}`;
}

function conversationTable(device: string, rows: readonly ConversationView[]): string {
  return table(
    [
      { title: "Talks to", text: (it) => (it.client.device === device ? `to ${it.server.name}` : `from ${it.client.name}`) },
      { title: "Service", text: (it) => `${it.protocol ?? "unknown protocol"}, ${it.transport} ${it.port}` },
      { title: "Packets", text: (it) => `${it.packets[0]} / ${it.packets[1]}`, right: true, drop: 1 },
      { title: "Last heard", text: (it) => time(it.last) },
    ],
    rows,
  );
}
