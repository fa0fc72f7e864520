/**
 * A policy as it is written: YAML that a person reads and edits. Every error names line and column, and says what was expected; all of
 * them are told, not only the first. What is written here is described for editors in docs/policy.schema.json.
 */
import { clean } from "../bytes/text.ts";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Node, Pair, Scalar, YAMLMap } from "yaml";
import { nearest } from "../bytes/nearest.ts";
import { parseFilter } from "../model/filter.ts";
import { BUILT_IN_GROUPS, POLICY_STATES } from "../model/policy.ts";
import type { Group, GroupState, Policy, PolicyTest, Rule, Service } from "../model/policy.ts";
import { BadQuery } from "../model/store.ts";
import { serviceIn } from "./service.ts";

/** No hospital's policy is as long; what is longer is no policy. */
export const POLICY_BYTES_MAX = 4 << 20;
const PROBLEMS_MAX = 50;

export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A policy that cannot be taken as it is written. Its message has one line for each thing that is wrong, with the file's name. */
export class WrongPolicy extends Error {
  readonly problems: readonly Problem[];
  constructor(file: string, problems: readonly Problem[]) {
    const lines = problems.slice(0, PROBLEMS_MAX).map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
    const more = problems.length - lines.length;
    super([...lines, ...(more > 0 ? [`${file}: ${more} of ${problems.length} more`] : [])].join("\n"));
    this.problems = problems;
  }
}

/** Throws WrongPolicy. `file` is only named. */
export function policyIn(text: string, file: string): Policy {
  const reading = new Reading(text);
  const policy = reading.whole();
  if (reading.problems.length > 0)
    throw new WrongPolicy(
      file,
      reading.problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
    );
  return policy;
}

/** In the order they are written. */
export const POLICY_KEYS = ["policy", "groups", "rules", "tests"] as const;
export const GROUP_KEYS = ["select", "governs", "newcomers", "states"] as const;
export const RULE_KEYS = ["allow", "service", "because", "origin", "same", "until", "change"] as const;

/** Of what the package says of trouble, what speaks of itself. */
const TROUBLES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "expected one policy, got another document in the same file",
  RESOURCE_EXHAUSTION: "expected a policy, got lists or maps too deep within each other",
};
/** No text has them; a file of two bytes a letter has many. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

const ORIGINS = ["learned", "expected", "said"] as const;
const NEWCOMERS = ["hold", "admit"] as const;
/** What was expected takes a third of it at most; the rest is what came. */
const MESSAGE_LENGTH_MAX = 300;
/** In each of these a blank is looked at where its run begins, and nowhere else: a file of blanks alone takes no longer than another. */
const ARROW = /(?<!\s)\s*(?:→|->)\s*/;
const TEST = /^(every|no)\s+(\S.*)(?<!\s)\s+reaches\s+(\S.*)$/s;
const ON_SERVICE = /^(.+?)(?<!\s)\s+on\s+((?:tcp|udp|sctp|icmp|ip)\b.*)$/s;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

class Reading {
  readonly problems: Problem[] = [];
  readonly #lines = new LineCounter();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Policy {
    const nothing: Policy = { name: "", groups: [], rules: [], tests: [] };
    if (this.#text.length > POLICY_BYTES_MAX) {
      this.problems.push({
        line: 1,
        column: 1,
        message: `expected a policy of at most ${POLICY_BYTES_MAX} characters, got ${this.#text.length}`,
      });
      return nothing;
    }
    const control = CONTROL.exec(this.#text);
    if (control !== null) {
      this.#lines.addNewLine(0);
      for (const { index } of this.#text.slice(0, control.index).matchAll(/\n/g)) this.#lines.addNewLine(index + 1);
      this.#wrong(control.index, `expected text, got a control character (${control[0].charCodeAt(0)} in ASCII)`);
      return nothing;
    }
    const document = parseDocument(this.#text, { lineCounter: this.#lines, prettyErrors: false, schema: "core", uniqueKeys: false });
    // A tag nobody knows is no error to the package, and would be read as if it were not there.
    const troubles = [...document.errors, ...document.warnings];
    for (const [at, { code, message, pos }] of troubles.entries())
      // Of what is too deep it says so at every level.
      if (TROUBLES[code] === undefined || code !== troubles[at - 1]?.code)
        this.#wrong(pos[0], TROUBLES[code] ?? `expected YAML, got trouble: ${message.split("\n")[0]}`);
    if (troubles.length > 0) return nothing;
    const top = this.#map(document.contents, "a policy: policy, groups, rules", POLICY_KEYS);
    if (top === null) return nothing;
    const name = this.#required(top, "policy", (node) => this.#textOf(node, "the policy's name")) ?? "";
    const groups = this.#groups(top);
    const names = [...groups.map((it) => it.name), ...BUILT_IN_GROUPS];
    return {
      name,
      groups,
      rules: this.#list(top, "rules").flatMap((node) => this.#rule(node, names) ?? []),
      tests: this.#list(top, "tests").flatMap((node) => this.#test(node, names) ?? []),
    };
  }

  #groups(top: YAMLMap): Group[] {
    const node = valueOf(top, "groups");
    if (node === undefined) {
      this.#wrong(startOf(top), "expected groups, each a name with what selects it, got none");
      return [];
    }
    const map = this.#map(node, "groups, each a name with what selects it", null);
    return (map?.items ?? []).flatMap((pair) => this.#group(pair) ?? []);
  }

  #group(pair: Pair): Group | null {
    const key = pair.key as Node;
    const name = this.#textOf(key, "a group's name");
    if (name === null) return null;
    if (isBuiltIn(name)) this.#wrong(startOf(key), `expected a name of your own, got "${name}", which every policy has`);
    if (ARROW.test(name) || /\breaches\b| on (?:tcp|udp|sctp|icmp|ip)\b/.test(name))
      this.#wrong(startOf(key), `expected a name without an arrow, "reaches" or "on" with a service, got "${name}"`);
    const map = this.#map(pair.value as Node | null, `what selects "${name}", such as select: kind = printer`, GROUP_KEYS, key);
    if (map === null) return null;
    const select = this.#required(map, "select", (node) => this.#selector(node));
    return {
      name,
      select: select ?? "",
      governs: this.#optional(map, "governs", (node) => this.#yesNo(node)) ?? true,
      newcomers: this.#optional(map, "newcomers", (node) => this.#oneOf(node, NEWCOMERS)) ?? "hold",
      states: this.#optional(map, "states", (node) => this.#states(node)) ?? [],
    };
  }

  /** A filter of its own, whose columns are counted on in the line where it stands. */
  #selector(node: Node): string | null {
    const text = this.#textOf(node, "what selects the group, in the words of `auscult devices --filter`");
    if (text === null) return null;
    try {
      // An empty one would be everybody.
      if (parseFilter(text) === null)
        this.#wrong(startOf(node), "expected what selects the group, got nothing, which would select everything");
    } catch (error) {
      if (!(error instanceof BadQuery)) throw error;
      const quoted = (node as Scalar).type?.startsWith("QUOTE") ? 1 : 0;
      const meant = error.suggestion === undefined ? "" : ` (did you mean ${error.suggestion}?)`;
      this.#wrong(startOf(node) + quoted + (error.column ?? 1) - 1, `${error.message}${meant}`);
    }
    return text;
  }

  #states(node: Node): GroupState[] | null {
    const map = this.#map(node, "places with draft, monitor or enforced, such as { everywhere: monitor }", null);
    if (map === null) return null;
    return map.items.flatMap(({ key, value }) => {
      const place = this.#textOf(key as Node, "a place");
      const state = this.#oneOf(value as Node | null, POLICY_STATES, key as Node);
      return place === null || state === null ? [] : [{ place, state }];
    });
  }

  #rule(node: Node, names: readonly string[]): Rule | null {
    const map = this.#map(node, "a rule: allow, service, because", RULE_KEYS);
    if (map === null) return null;
    const ends = this.#required(map, "allow", (it) => this.#ends(it, names));
    const service = this.#required(map, "service", (it) => this.#service(it));
    const because = this.#required(map, "because", (it) => this.#textOf(it, "why"));
    const rule = {
      origin: this.#optional(map, "origin", (it) => this.#oneOf(it, ORIGINS)) ?? "said",
      same: this.#optional(map, "same", (it) => this.#oneOf(it, ["ward"] as const)),
      until: this.#optional(map, "until", (it) => this.#date(it)),
      change: this.#optional(map, "change", (it) => this.#textOf(it, "the number of a change")),
    };
    return ends === null || service === null || because === null ? null : { ...ends, service, because, ...rule };
  }

  #ends(node: Node, names: readonly string[]): { readonly from: string; readonly to: string } | null {
    const text = this.#textOf(node, 'who may open to whom, such as "infusion pumps → pump server"');
    if (text === null) return null;
    const [from = "", to = "", more] = text.split(ARROW);
    if (from === "" || to === "" || more !== undefined) {
      this.#wrong(startOf(node), `expected two groups with → (or ->) between them, got "${text}"`);
      return null;
    }
    const at = startOf(node);
    return this.#isGroup(at, from, names) && this.#isGroup(at + text.lastIndexOf(to), to, names) ? { from, to } : null;
  }

  #test(node: Node, names: readonly string[]): PolicyTest | null {
    const text = this.#textOf(node, 'a test, such as "every infusion pumps reaches pump server"');
    if (text === null) return null;
    const [, kind, from, rest = ""] = TEST.exec(text) ?? [];
    if ((kind !== "every" && kind !== "no") || from === undefined) {
      this.#wrong(startOf(node), `expected "every A reaches B" or "no A reaches B", perhaps with "on tcp 104", got "${text}"`);
      return null;
    }
    const [, to = rest, on] = ON_SERVICE.exec(rest) ?? [];
    let service: Service | null = null;
    const at = startOf(node);
    try {
      if (on !== undefined) service = serviceIn(on);
    } catch (error) {
      this.#wrong(at + text.lastIndexOf(on!), (error as Error).message);
      return null;
    }
    const known = this.#isGroup(at + text.indexOf(from), from, names) && this.#isGroup(at + text.lastIndexOf(to), to, names);
    return known ? { kind, from, to, service } : null;
  }

  #isGroup(at: number, name: string, names: readonly string[]): boolean {
    if (names.includes(name)) return true;
    const near = nearest(name, names);
    const known = names.length <= 12 ? names.join(", ") : `${names.slice(0, 11).join(", ")} …`;
    this.#wrong(at, `expected a group of this policy (${known}), got "${name}"${near === undefined ? "" : ` (did you mean ${near}?)`}`);
    return false;
  }

  #service(node: Node): Service | null {
    const text = this.#textOf(node, 'a service, such as "tcp 104"');
    if (text === null) return null;
    try {
      return serviceIn(text);
    } catch (error) {
      this.#wrong(startOf(node), (error as Error).message);
      return null;
    }
  }

  #date(node: Node): string | null {
    const text = this.#textOf(node, "a last day");
    if (text === null) return null;
    const at = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(text)) return text;
    this.#wrong(startOf(node), `expected a last day such as 2026-12-31, got "${text}"`);
    return null;
  }

  #yesNo(node: Node): boolean | null {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === "boolean") return value;
    const text = String(value).toLowerCase();
    if (text === "yes" || text === "no") return text === "yes";
    this.#wrong(startOf(node), `expected true or false, got ${said(node)}`);
    return null;
  }

  #oneOf<Word extends string>(node: Node | null, words: readonly Word[], beside?: Node): Word | null {
    const text = isScalar(node) ? String(node.value) : null;
    const word = words.find((it) => it === text);
    if (word !== undefined) return word;
    const near = text === null ? undefined : nearest(text.toLowerCase(), words);
    this.#wrong(
      startOf(node ?? beside),
      `expected ${words.join(", ")}, got ${said(node)}${near === undefined ? "" : ` (did you mean ${near}?)`}`,
    );
    return null;
  }

  /** Numbers and dates are as good as text; lists and maps are not. */
  #textOf(node: Node | null, what: string): string | null {
    const text = isScalar(node) && node.value !== null ? sourceOf(node).trim() : "";
    if (text !== "") return text;
    this.#wrong(startOf(node), `expected ${what}, got ${said(node)}`);
    return null;
  }

  #map(node: Node | null | undefined, what: string, keys: readonly string[] | null, beside?: Node): YAMLMap | null {
    if (!isMap(node)) {
      this.#wrong(startOf(isNothing(node) ? (beside ?? node) : node), `expected ${what}, got ${said(node)}`);
      return null;
    }
    // Here and not by the package, which compares each key with all others: of many thousands that took minutes.
    const met = new Set<string>();
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (met.has(name)) this.#wrong(startOf(key as Node), `expected each name once, got "${name}" again`);
      met.add(name);
      if (keys === null || keys.includes(name)) continue;
      const near = nearest(name, keys);
      this.#wrong(
        startOf(key as Node),
        `expected ${keys.join(", ")}, got "${name}"${near === undefined ? "" : ` (did you mean ${near}?)`}`,
      );
    }
    return node;
  }

  #list(map: YAMLMap, key: string): readonly Node[] {
    const node = valueOf(map, key);
    if (node === undefined || isNothing(node)) return [];
    if (isSeq(node)) return node.items as Node[];
    this.#wrong(startOf(node), `expected a list of ${key}, got ${said(node)}`);
    return [];
  }

  #required<Value>(map: YAMLMap, key: string, read: (node: Node) => Value | null): Value | null {
    const node = valueOf(map, key);
    if (node !== undefined) return read(node);
    this.#wrong(startOf(map), `expected ${key}, got none`);
    return null;
  }

  #optional<Value>(map: YAMLMap, key: string, read: (node: Node) => Value | null): Value | null {
    const node = valueOf(map, key);
    return node === undefined || isNothing(node) ? null : read(node);
  }

  #wrong(at: number, message: string): void {
    const { line, col } = this.#lines.linePos(Math.max(0, at));
    // What stands there may be no policy at all, and is shown to a terminal.
    const shown = clean(message.replaceAll("\0", "·"));
    const bounded = shown.length > MESSAGE_LENGTH_MAX ? `${shown.slice(0, MESSAGE_LENGTH_MAX)}…` : shown;
    this.problems.push({ line: Math.max(1, line), column: Math.max(1, col), message: bounded });
  }
}

export function isBuiltIn(name: string): boolean {
  return BUILT_IN_GROUPS.some((it) => it === name);
}

function valueOf(map: YAMLMap, key: string): Node | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.value as Node | undefined;
}

function isNothing(node: Node | null | undefined): boolean {
  return !node || (isScalar(node) && node.value === null);
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** As it is written: 007 is a number to YAML and a change's number to a person. */
function sourceOf(node: Scalar): string {
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

function said(node: Node | null | undefined): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  return isScalar(node) && node.value !== null && node.value !== "" ? `"${sourceOf(node)}"` : "nothing";
}
