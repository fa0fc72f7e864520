/** What the words of a claim mean: `signs.tsv`; what a served protocol makes of a machine: `roles.tsv`; and how much each is worth: `weights.tsv`. */
import type { Weighed } from "../model/device.ts";
import type { Attribute } from "../model/observation.ts";
import { table } from "./table.ts";

export interface Weight {
  readonly source: string;
  /** Sources of one group repeat each other: the strongest for a value counts. */
  readonly group: string;
  readonly os: number;
  readonly release: number;
  readonly maker: number;
  readonly model: number;
  readonly kind: number;
  /** For what is only ever said: serial, udi, software, location, names. */
  readonly word: number;
  /** It may assert without a second group. */
  readonly alone: boolean;
  /** In words, for "how do we know". */
  readonly says: string;
}

/**
 * `sends` is a kind whose images it sends, `works as` a kind it does the work of, perhaps beside others; `fits` are the kinds that do so,
 * with "; " between: it names none of them, and agrees with one that the device names itself; `windows` a version of Windows as a number;
 * `listed model` a model where families.tsv has it, else nothing.
 */
type Says = Exclude<Weighed, "location"> | "sends" | "works as" | "fits" | "windows" | "listed model";

export interface Sign {
  readonly says: Says;
  readonly value: string;
  readonly source: string;
}

export interface Signs {
  /** All a value says, at most one of each kind. */
  of(observed: Attribute, protocol: string, value: string): readonly Sign[];
  /** Of an answered service; null when it says nothing. */
  ofServed(protocol: string, port: number): Sign | null;
}

const INPUT_LENGTH_MAX = 256;
const ANSWERS_MAX = 8192;

export function loadSigns(): Signs {
  const rows = Map.groupBy(
    table("signs.tsv", 7).map(([observed = "", protocol = "", pattern = "", says, value = "", source = ""]) => ({
      observed,
      protocol,
      pattern: new RegExp(pattern, "i"),
      says: says as Says,
      value,
      source,
    })),
    ({ observed }) => observed,
  );
  const roles = table("roles.tsv", 5).map(([protocol = "", port = "", kind = "", source = ""]) => ({
    protocol,
    port,
    sign: { says: "kind" as const, value: kind, source },
  }));
  const answers = new Map<string, readonly Sign[]>();
  return {
    ofServed(protocol, port) {
      const fits = (role: (typeof roles)[number]) =>
        (role.protocol === "*" || role.protocol === protocol) && (role.port === "*" || role.port === String(port));
      return roles.find(fits)?.sign ?? null;
    },
    of(observed, protocol, value) {
      const candidates = rows.get(observed);
      if (candidates === undefined) return NOTHING;
      const input = value.slice(0, INPUT_LENGTH_MAX);
      const key = `${observed} ${protocol} ${input}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const found: Sign[] = [];
      for (const row of candidates) {
        if (row.protocol !== "*" && row.protocol !== protocol) continue;
        // One line decides each attribute; a version of Windows decides the system.
        if (found.some((sign) => subjectOf(sign.says) === subjectOf(row.says))) continue;
        const match = row.pattern.exec(input);
        if (match === null) continue;
        const filled = row.value.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "").trim();
        found.push({ says: row.says, value: filled, source: row.source });
      }
      if (answers.size >= ANSWERS_MAX) answers.delete(answers.keys().next().value!);
      answers.set(key, found);
      return found;
    },
  };
}

const NOTHING: readonly Sign[] = [];

function subjectOf(says: Says): string {
  return says === "windows" ? "os" : says;
}

export function loadWeights(): ReadonlyMap<string, Weight> {
  return new Map(
    table("weights.tsv", 11).map(([source = "", group = "", ...cells]) => {
      const [os, release, maker, model, kind, word] = cells.map(Number) as [number, number, number, number, number, number];
      return [source, { source, group, os, release, maker, model, kind, word, alone: cells[6] === "yes", says: cells[7] ?? "" }];
    }),
  );
}
