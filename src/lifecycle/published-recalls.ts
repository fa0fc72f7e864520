/**
 * Recalls that authorities published, held against the fleet: those whose firm is the maker of a device heard here and whose words name its
 * model, each as a question to look up. Which of the model is meant the words say in prose; only what can be read without doubt narrows it.
 */
import type { Makers } from "../knowledge/makers.ts";
import type { PublishedRecall } from "../model/recall.ts";
import type { Lives, RecallQuestion } from "../model/lifecycle.ts";
import type { NamedRecall } from "../model/recall.ts";
import { recallOf } from "./recall.ts";

/** A fleet that more recalls name has another question first: how they were dealt with so far. */
const NAMED_MAX = 500;
/** "M", "X2": a word of many. */
const MODEL_LENGTH_MIN = 3;

/** Those that may kill first, then the latest. */
export function namedRecalls(lives: Lives, recalls: readonly PublishedRecall[], makers: Makers): readonly NamedRecall[] {
  const models = modelsByMaker(lives);
  const named = recalls.flatMap((recall): NamedRecall[] => {
    const maker = makers.called(recall.firm, "recall").name;
    const known = models.get(plain(maker));
    if (known === undefined) return [];
    const words = new Set(wordsOf(recall.product));
    return known
      .filter(({ words: own }) => own.every((word) => words.has(word)))
      .map(({ maker: theirs, model }) => {
        const question = { maker: theirs, model, ...whichIn(recall.codes) };
        const { heard, cannotTell } = recallOf(lives, question);
        return { ...recall, question, heard: heard.total, cannotTell: cannotTell.total };
      });
  });
  return named
    .filter(({ heard, cannotTell }) => heard + cannotTell > 0)
    .toSorted((a, b) => rank(a) - rank(b) || (a.day < b.day ? 1 : a.day > b.day ? -1 : a.number < b.number ? -1 : 1))
    .slice(0, NAMED_MAX);
}

function rank({ class: level }: NamedRecall): number {
  return ["I", "II", "III", ""].indexOf(level);
}

interface Known {
  readonly maker: string;
  readonly model: string;
  readonly words: readonly string[];
}

/** Each model heard once, by its maker's name without case. */
function modelsByMaker({ devices }: Lives): ReadonlyMap<string, readonly Known[]> {
  const models = new Map<string, Map<string, Known>>();
  for (const { maker, model } of devices) {
    if (maker === null || model === null || plain(model).replaceAll(" ", "").length < MODEL_LENGTH_MIN) continue;
    const own = models.get(plain(maker)) ?? new Map<string, Known>();
    models.set(plain(maker), own);
    // The maker's own name says nothing of the model.
    const makerWords = new Set(wordsOf(maker));
    const words = wordsOf(model).filter((word) => !makerWords.has(word));
    if (words.length > 0) own.set(plain(model), { maker, model, words });
  }
  return new Map([...models].map(([maker, own]) => [maker, [...own.values()]]));
}

function plain(text: string): string {
  return wordsOf(text).join(" ");
}

function wordsOf(text: string): readonly string[] {
  return text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []; // prettier-ignore
}

const SERIALS = /^serial ?(?:numbers?|nos?\.?|#)? ?:? ?(.+?)\.?$/iu;
const LOT = /^(?:lot|batch) ?(?:numbers?|nos?\.?|#|code)? ?:? ?([\p{L}\p{N}-]{3,20})\.?$/iu;
const SERIAL = /^(?=[\p{L}\p{N}-]*\d)[\p{L}\p{N}-]{3,30}(?:\.\.(?=[\p{L}\p{N}-]*\d)[\p{L}\p{N}-]{3,30})?$/u;

/** "Serial numbers: A100 to A199, B7": these; "Lot: 4711": that lot; all else, also "all serial numbers", leaves it to maker and model. */
function whichIn(written: string): Pick<RecallQuestion, "serials" | "lot"> {
  // A run of blanks is one: the patterns would try each blank as an end.
  const codes = written.replace(/\s+/gu, " ").trim();
  const lot = LOT.exec(codes)?.[1];
  if (lot !== undefined && /\d/.test(lot)) return { lot };
  const said = SERIALS.exec(codes)?.[1];
  if (said === undefined) return {};
  const serials = said
    .replace(/ (?:to|through|thru) /giu, "..")
    .split(/[,;]| and | /u)
    .filter((it) => it !== "");
  const whole = serials.every((it) => SERIAL.test(it) && inOrder(it));
  return whole && serials.length <= SERIALS_MAX ? { serials: serials.join(", ") } : {};
}
const SERIALS_MAX = 1_000;

/** A range as `recallOf` takes one: the same letters before, and no fewer digits. */
function inOrder(serial: string): boolean {
  const [from = "", to = from] = serial.split("..");
  const letters = (text: string) => text.replace(/\d+$/, "").replaceAll("-", "").toLowerCase();
  const digits = (text: string) => /\d*$/.exec(text)![0];
  const [a, b] = [digits(from), digits(to)];
  return letters(from) === letters(to) && (a.length < b.length || (a.length === b.length && a <= b));
}
