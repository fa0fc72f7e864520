/**
 * Network stacks by how they begin: the first packet of a TCP connection (`tcp-syn.tsv`, then OpenBSD's `pf.os`) and the order of
 * wishes in DHCP (`dhcp-options.tsv`).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { table } from "./table.ts";

export interface Stacks {
  /** Of a `tcpSyn` claim, `window:ttl:df:size:options`. Null when none fits, or several systems do. */
  ofSyn(text: string): { readonly os: string; readonly old: boolean } | null;
  /** Of a `dhcpFingerprint` claim: the exact list only. */
  ofOptions(list: string): { readonly os: string; readonly detail: string } | null;
}

export function loadStacks(): Stacks {
  const newer = table("tcp-syn.tsv", 5).map(([os = "", window = "", ttl = "", options = ""]) => ({
    os,
    matches: matcher(window, ttl, "*", "*", options),
  }));
  let older: ReturnType<typeof pfOs> | null = null;
  const lists = new Map(table("dhcp-options.tsv", 4).map(([list = "", os = "", detail = ""]) => [list, { os, detail }]));
  const answers = new Map<string, ReturnType<Stacks["ofSyn"]>>();

  function ofSyn(text: string): ReturnType<Stacks["ofSyn"]> {
    const syn = parse(text);
    if (syn === null) return null;
    const found = newer.find(({ matches }) => matches(syn));
    if (found !== undefined) return { os: found.os, old: false };
    if (syn.options.length < OPTIONS_MIN) return null;
    older ??= pfOs();
    const systems = new Set(older.filter(({ matches }) => matches(syn)).map(({ os }) => os));
    // Scanners and user programs stand in the table too, without a system.
    const [os] = systems;
    return systems.size === 1 && os !== undefined && os !== "" ? { os, old: true } : null;
  }

  return {
    ofSyn(text) {
      let answer = answers.get(text);
      if (answer !== undefined) return answer;
      answer = ofSyn(text);
      // The oldest goes: the first of a map in the order of arrival.
      if (answers.size >= ANSWERS_MAX) answers.delete(answers.keys().next().value!);
      answers.set(text, answer);
      return answer;
    },
    ofOptions: (list) => lists.get(list) ?? null,
  };
}

/** A hospital's stacks begin in some hundred ways. */
const ANSWERS_MAX = 4096;

/** A packet without options was made by a program, or by so small a stack that the old table cannot tell which. */
const OPTIONS_MIN = 2;

interface Syn {
  readonly window: number;
  readonly ttl: number;
  readonly dontFragment: string;
  readonly size: number;
  readonly options: readonly string[];
  readonly segment: number;
}

function parse(text: string): Syn | null {
  const [window, ttl, dontFragment = "", size, list, more] = text.split(":");
  if (list === undefined || more !== undefined) return null;
  const options = list === "." ? [] : list.split(",");
  const segment = Number(options.find((it) => /^M\d+$/.test(it))?.slice(1) ?? 0);
  return { window: Number(window), ttl: Number(ttl), dontFragment, size: Number(size), options, segment };
}

/** In the notation of pf.os: "*" any, "%n" a multiple of n, "Sn" and "Tn" n times the segment, or the segment with its headers. */
function matcher(window: string, ttl: string, dontFragment: string, size: string, options: string): (syn: Syn) => boolean {
  const wanted = options === "." ? [] : options.split(",");
  return (syn) =>
    syn.ttl === Number(ttl) &&
    (dontFragment === "*" || syn.dontFragment === dontFragment) &&
    fits(size, syn.size) &&
    fitsWindow(window, syn) &&
    wanted.length === syn.options.length &&
    wanted.every((it, i) => fitsOption(it, syn.options[i]!));
}

function fitsWindow(wanted: string, { window, segment }: Syn): boolean {
  const times = Number(wanted.slice(1));
  if (wanted.startsWith("S")) return segment > 0 && window === segment * times;
  if (wanted.startsWith("T")) return segment > 0 && window === (segment + 40) * times;
  return fits(wanted, window);
}

/** "M*", "W8", "T0", "N": a letter, and for some a number in the same notation. */
function fitsOption(wanted: string, option: string): boolean {
  if (wanted[0] !== option[0]) return false;
  return wanted.length > 1 && (wanted[0] === "M" || wanted[0] === "W")
    ? fits(wanted.slice(1), Number(option.slice(1)))
    : wanted.length === 1
      ? option.length === 1 || wanted === "M" || wanted === "W"
      : wanted === option;
}

function fits(wanted: string, value: number): boolean {
  if (wanted === "*") return true;
  return wanted.startsWith("%") ? value % Number(wanted.slice(1)) === 0 : Number(wanted) === value;
}

/** `window:ttl:df:size:options:genre:version:subtype:details`. "@" marks a guess at a group, "*" a program that is no system. */
function pfOs(): { readonly os: string; readonly matches: (syn: Syn) => boolean }[] {
  const lines = readFileSync(join(import.meta.dirname, "pf.os"), "utf8").split("\n");
  return lines.flatMap((line) => {
    const [window, ttl, dontFragment, size, options, genre] = line.replace(/#.*/, "").split(":").map((it) => it.trim()); // prettier-ignore
    if (genre === undefined) return [];
    const list = options!.replace(/[\s,]+/g, ",");
    return [{ os: genre.startsWith("*") ? "" : genre.replace("@", ""), matches: matcher(window!, ttl!, dontFragment!, size!, list) }];
  });
}
