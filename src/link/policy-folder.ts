/**
 * The policies of a data directory: `policies/NAME.yaml`, which people and `auscult policy` read and write as they like, and beside them
 * `history.db` with all they ever said. What was changed by something else is found as soon as anybody looks or writes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyChange, PolicyDeed } from "../model/policy-history.ts";
import { POLICY_BYTES_MAX, policyIn, WrongPolicy } from "../policies/file.ts";
import { withoutChange } from "../policies/changed-lines.ts";
import { kindsGoverned } from "../policies/kinds-governed.ts";
import { PolicyHistory, type PolicyRow } from "../store/policy-history.ts";

const POLICIES_MAX = 200;
const END = ".yaml";
const HISTORY = "history.db";
/** What every file system takes, and no path. */
export const POLICY_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u;
export const POLICY_NAME_EXPECTED = "expected a name of letters, digits, spaces, dots, dashes and underscores, at most 80";

/** Who changes it, and why. */
export interface ChangedBy {
  readonly who: string;
  readonly why: string;
}

/** What was asked of a policy cannot be done; for whoever asked. */
export class WrongChange extends Error {}

type How = { readonly what: Exclude<PolicyDeed, "found">; readonly of?: number };

export class PolicyFolder {
  readonly #folder: string;
  /** By name, for the text that was written then. */
  readonly #kinds = new Map<string, { readonly at: number; readonly kinds: readonly string[] }>();

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, "policies");
  }

  fileOf(name: string): string {
    return join(this.#folder, `${name}${END}`);
  }

  /** By name; `at`: milliseconds since 1970, when each was written. */
  all(): readonly { readonly name: string; readonly at: number }[] {
    if (!existsSync(this.#folder)) return [];
    const own = readdirSync(this.#folder).filter((it) => it.endsWith(END)).toSorted(); // prettier-ignore
    return own.map((it) => ({ name: it.slice(0, -END.length), at: Math.floor(statSync(join(this.#folder, it)).mtimeMs) }));
  }

  /** As `all`, each with the kinds of devices its groups govern; none where its text is no policy, which is told where it is opened. */
  governing(): readonly { readonly name: string; readonly at: number; readonly kinds: readonly string[] }[] {
    return this.all().map(({ name, at }) => {
      const known = this.#kinds.get(name);
      if (known?.at === at) return { name, ...known };
      const kinds = this.#kindsOf(name);
      this.#kinds.set(name, { at, kinds });
      return { name, at, kinds };
    });
  }

  #kindsOf(name: string): readonly string[] {
    try {
      return kindsGoverned(policyIn(this.text(name) ?? "", `${name}${END}`));
    } catch (error) {
      if (error instanceof WrongPolicy || error instanceof WrongChange) return [];
      throw error;
    }
  }

  /** Null where there is none. */
  text(name: string): string | null {
    const file = this.fileOf(name);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return null;
    if (size > POLICY_BYTES_MAX)
      throw new WrongChange(`expected a policy of at most ${POLICY_BYTES_MAX >> 20} MB, got ${size} bytes: ${file}`);
    return readFileSync(file, "utf8");
  }

  /** Answers the change's number; null where it says so already. Throws WrongPolicy where the text is no policy. */
  write(name: string, text: string, by: ChangedBy): number | null {
    policyIn(text, `${name}${END}`);
    return this.#changing(name, (history, now) => {
      if (now === null && this.all().length >= POLICIES_MAX)
        throw new WrongChange(`expected at most ${POLICIES_MAX} policies: take one away first`);
      return now === text ? null : this.#put(history, name, text, by, { what: "written" });
    });
  }

  /** Null where there is none. */
  remove(name: string, by: ChangedBy): number | null {
    if (!existsSync(this.fileOf(name))) return null;
    return this.#changing(name, (history, now) => (now === null ? null : this.#put(history, name, null, by, { what: "taken away" })));
  }

  /** Newest first; `trouble`: where the history of all policies is not as it was written. */
  history(name: string): { readonly changes: readonly PolicyChange[]; readonly trouble: string | null } {
    if (!existsSync(this.#folder)) return { changes: [], trouble: null };
    return this.#changing(name, (history) => ({ changes: history.of(name), trouble: history.trouble() }));
  }

  /** Null where it has no such change. */
  change(name: string, number: number): { readonly before: string | null; readonly text: string | null } | null {
    if (!existsSync(join(this.#folder, HISTORY))) return null;
    return this.#reading((history) => {
      const found = history.change(name, number);
      return found === undefined ? null : { before: history.textBefore(name, number), text: found.text };
    });
  }

  /** Those that were written once and are no more. */
  gone(): readonly Omit<PolicyRow, "text">[] {
    return existsSync(join(this.#folder, HISTORY)) ? this.#reading((history) => history.gone()) : [];
  }

  /** One change taken back, and what came after it left as it is. Throws WrongChange where the two cannot be told apart. */
  undo(name: string, number: number, by: ChangedBy): number {
    return this.#changing(name, (history, now) => {
      const change = changeIn(history, name, number);
      const text = withoutThe(change, history.textBefore(name, number), now);
      if (text !== null) policyIn(text, `${name}${END} without change ${number}`);
      return this.#put(history, name, text, by, { what: "taken back", of: number });
    });
  }

  /** All of it as it was after that change; what came later is gone from the text, and stays in the history. */
  restore(name: string, number: number, by: ChangedBy): number {
    return this.#changing(name, (history, now) => {
      const { text } = changeIn(history, name, number);
      if (text === null) throw new WrongChange(`expected a change that left a policy, got ${number}: it was taken away by it`);
      if (text === now) throw new WrongChange(`${name} is as it was after change ${number}: there is nothing to write`);
      policyIn(text, `${name}${END} of change ${number}`);
      return this.#put(history, name, text, by, { what: "written as it was", of: number });
    });
  }

  /** With nobody else changing any policy meanwhile; what something else changed is written down first. */
  #changing<Value>(name: string, work: (history: PolicyHistory, now: string | null) => Value): Value {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return this.#reading((history) =>
      history.alone(() => {
        const now = this.text(name);
        const last = history.last(name);
        if (now?.toWellFormed() !== (last?.text ?? undefined)) history.append(this.#found(name, now));
        return work(history, now);
      }),
    );
  }

  #found(name: string, text: string | null): Omit<PolicyRow, "number"> {
    const at = text === null ? Date.now() : statSync(this.fileOf(name)).mtimeMs;
    return { policy: name, at: Math.floor(at * 1_000), who: "", what: "found", why: "", of: null, text };
  }

  /** The file last: cut short between the two, the row is not there, and what the file says is found. */
  #put(history: PolicyHistory, name: string, text: string | null, { who, why }: ChangedBy, { what, of }: How): number {
    const number = history.append({ policy: name, at: Date.now() * 1_000, who, what, why, of: of ?? null, text });
    const file = this.fileOf(name);
    if (text === null) rmSync(file, { force: true });
    else {
      writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    }
    return number;
  }

  #reading<Value>(work: (history: PolicyHistory) => Value): Value {
    const history = new PolicyHistory(join(this.#folder, HISTORY));
    try {
      return work(history);
    } finally {
      history.close();
    }
  }
}

function changeIn(history: PolicyHistory, name: string, number: number): PolicyRow {
  const found = history.change(name, number);
  if (found === undefined) throw new WrongChange(`expected a change of ${name}, one that auscult policy history lists, got ${number}`);
  return found;
}

function withoutThe({ number, policy, text: after }: PolicyRow, before: string | null, now: string | null): string | null {
  if (after === null) {
    if (now !== null) throw new WrongChange(`${policy} is there again: there is nothing to take back of change ${number}`);
    return before;
  }
  if (now === null) throw new WrongChange(`${policy} is taken away: take that back first, or write it as it was then`);
  if (before === null) {
    if (now !== after) throw new WrongChange(`change ${number} is the first of ${policy}, and others stand on it: take it away instead`);
    return null;
  }
  const text = withoutChange(now, before, after);
  if (text === null)
    throw new WrongChange(
      `what change ${number} wrote was changed since, or is taken back: take back the later one, or write it as it was then`,
    );
  return text;
}
