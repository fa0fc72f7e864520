/** What is in a capture at all, against index.json: frames, MACs, services. */
import { join } from "node:path";
import { answeringFrames } from "./answers.ts";
import type { Inventory } from "./inventory.ts";
import type { Reading } from "./reading.ts";
import { percent } from "./tally.ts";

/** As index.json has it. */
export interface Listed {
  readonly file: string;
  readonly category: string;
  readonly packets: number;
  readonly truth: {
    readonly macs?: readonly string[];
    readonly services?: readonly (readonly [ip: string, transport: string, port: number])[];
  };
}
interface Outcome extends Reading {
  readonly capture: Listed;
}

/** The index lists so many services of a capture and no more: what is said beyond them it can neither confirm nor deny. */
const LISTED_MAX = 150;
const SHOWN_MAX = 4;

export async function* foundLines(outcomes: readonly Outcome[], folder: string, misses: boolean): AsyncIterable<string> {
  const broken = outcomes.filter((it) => it.inventory === null);
  const slowest = Math.max(0, ...outcomes.map((it) => it.seconds));
  yield `  read                  ${outcomes.length - broken.length} of ${outcomes.length}; slowest ${slowest.toFixed(1)} s`;
  for (const it of broken) yield `    not read: ${it.capture.file}: ${it.trouble}`;
  const sound = outcomes.flatMap(({ capture, inventory }) =>
    inventory === null || capture.category === "malformed" ? [] : [{ capture, inventory }],
  );
  yield* framesLines(sound, misses);
  yield* macsLines(sound, misses);
  yield* servicesLines(sound, folder, misses);
}

interface Sound {
  readonly capture: Listed;
  readonly inventory: Inventory;
}

function* framesLines(sound: readonly Sound[], misses: boolean): Iterable<string> {
  const wrong = sound.filter(({ capture, inventory }) => inventory.coverage.frames !== capture.packets);
  yield `  frames right          ${sound.length - wrong.length} of ${sound.length} well-formed`;
  if (misses)
    for (const { capture, inventory } of wrong) yield `    frames: ${capture.file}: ${inventory.coverage.frames} of ${capture.packets}`;
}

function* macsLines(sound: readonly Sound[], misses: boolean): Iterable<string> {
  const listed = sound.flatMap(({ capture, inventory }) => {
    const found = new Set(inventory.devices.flatMap((it) => it.macs));
    const macs = capture.truth.macs;
    return macs === undefined ? [] : [{ capture, macs, missing: macs.filter((it) => !found.has(it)) }];
  });
  const whole = listed.filter(({ missing }) => missing.length === 0).length;
  const [all, lost] = [sum(listed, ({ macs }) => macs.length), sum(listed, ({ missing }) => missing.length)];
  yield `  all MACs found        in ${whole} of ${listed.length} files (${percent(whole, listed.length)}); ${all - lost} of ${all} MACs`;
  if (misses)
    for (const { capture, missing } of listed) if (missing.length > 0) yield `    MACs not found: ${capture.file}: ${some(missing)}`;
}

async function* servicesLines(sound: readonly Sound[], folder: string, misses: boolean): AsyncIterable<string> {
  const compared = sound.map(({ capture, inventory }) => {
    const said = new Set(inventory.devices.flatMap((it) => it.services.map(({ ip, transport, port }) => `${ip} ${transport} ${port}`)));
    const listed = new Set((capture.truth.services ?? []).map((it) => it.join(" ")));
    const missing = [...listed].filter((it) => !said.has(it));
    return { capture, said, listed, missing, extra: [...said].filter((it) => !listed.has(it)), isCut: listed.size >= LISTED_MAX };
  });
  const whole = compared.filter(({ missing }) => missing.length === 0).length;
  const [all, lost] = [sum(compared, ({ listed }) => listed.size), sum(compared, ({ missing }) => missing.length)];
  yield `  all services found    in ${whole} of ${compared.length} files (${percent(whole, compared.length)}); ${all - lost} of ${all} services`;
  const denied = compared.filter(({ isCut }) => !isCut);
  const [extra, said] = [sum(denied, (it) => it.extra.length), sum(compared, (it) => it.said.size)];
  yield `  services extra        ${extra} of ${said} said (${percent(extra, said)})`;
  const beyond = sum(compared, (it) => (it.isCut ? it.extra.length : 0));
  if (beyond > 0) yield `  services beyond       ${beyond} in captures of which the index lists the first ${LISTED_MAX} alone`;
  if (!misses) return;
  for (const { capture, missing } of compared) if (missing.length > 0) yield `    services not found: ${capture.file}: ${some(missing)}`;
  for (const { capture, extra: more } of denied)
    for (const it of more) {
      const [ip = "", transport = "", port] = it.split(" ");
      const frames = await answeringFrames(join(folder, capture.file), ip, transport, Number(port));
      yield `    service extra: ${capture.file}: ${it}, answered in frame ${frames.join(", ") || "none"}`;
    }
}

function some(texts: readonly string[]): string {
  return `${texts.slice(0, SHOWN_MAX).join(", ")}${texts.length > SHOWN_MAX ? ` and ${texts.length - SHOWN_MAX} more` : ""}`;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
