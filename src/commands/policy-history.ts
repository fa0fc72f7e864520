/** `auscult policy history`: what became of a policy that is kept in the data directory; a change taken back, or the text as it once was. */
import { basename } from "node:path";
import { clean } from "../bytes/text.ts";
import { POLICY_NAME, POLICY_NAME_EXPECTED, PolicyFolder, WrongChange } from "../link/policy-folder.ts";
import { UnusableHistory, type ChangedPart, type PolicyChange } from "../model/policy-history.ts";
import { changedParts } from "../policies/changed-lines.ts";
import { WrongPolicy } from "../policies/file.ts";
import { inWords } from "../link/refusals.ts";
import { saidBy, type SayingOptions } from "./saying.ts";
import { CommandError, Exit, plural, print, say, time } from "./terminal.ts";

export interface HistoryOptions extends SayingOptions {
  readonly limit: number;
  /** Numbers of changes. */
  readonly text?: number;
  readonly undo?: number;
  readonly restore?: number;
  readonly json?: boolean;
}

const MARKS = { same: " ", gone: "-", new: "+" } as const;

export async function policyHistory(given: string, options: HistoryOptions): Promise<void> {
  const name = basename(given).replace(/\.ya?ml$/, "");
  if (!POLICY_NAME.test(name)) throw new CommandError(`${POLICY_NAME_EXPECTED}; got "${clean(given)}"`);
  try {
    await historyOf(name, new PolicyFolder(options.data), options);
  } catch (error) {
    throw forPerson(error);
  }
}

async function historyOf(name: string, folder: PolicyFolder, options: HistoryOptions): Promise<void> {
  const { limit, text, undo, restore, json } = options;
  if (undo !== undefined || restore !== undefined) return change(name, folder, options);
  const { changes, trouble } = folder.history(name);
  if (changes.length === 0) {
    const names = folder.all().map((it) => it.name);
    throw new CommandError(`expected a policy of the data directory (${names.join(", ") || "there are none yet"}), got "${name}"`);
  }
  if (text !== undefined) {
    const found = folder.change(name, text);
    if (found?.text == null) throw new CommandError(`--text: expected a change that left a policy, one of those listed, got ${text}`);
    return print(found.text);
  }
  if (trouble !== null) say(`The history is not as it was written: ${trouble}.`);
  const shown = changes.slice(0, limit === 0 ? undefined : limit).map((it) => ({ ...it, parts: partsOf(folder, name, it) }));
  if (json) return print(`${JSON.stringify({ schema: "auscult.policy-history/1", policy: name, trouble, changes: shown })}\n`);
  for (const it of shown) await print(told(it));
  if (shown.length < changes.length) say(`${plural(changes.length - shown.length, "older change")}: --limit 0`);
}

function change(name: string, folder: PolicyFolder, { undo, restore, who, reason }: HistoryOptions): void {
  const said = saidBy({ ...(who === undefined ? {} : { who }), ...(reason === undefined ? {} : { reason }) }, "why");
  const by = { who: said.who, why: said.reason };
  if (undo !== undefined)
    return say(`Change ${undo} of ${name} is taken back by change ${folder.undo(name, undo, by)}. Both stay written.`);
  say(`${name} is as it was after change ${restore}, by change ${folder.restore(name, restore!, by)}. All of it stays written.`);
}

function partsOf(folder: PolicyFolder, name: string, { number }: PolicyChange): readonly ChangedPart[] {
  const { before, text } = folder.change(name, number)!;
  return changedParts(before ?? "", text ?? "");
}

function told({ parts, ...change }: PolicyChange & { readonly parts: readonly ChangedPart[] }): string {
  const head = `${change.number}  ${time(change.at)}  ${deedText(change)}`;
  const lines = parts.flatMap((part) => [
    `    line ${part.after}`,
    ...part.lines.map(({ mark, text }) => `  ${MARKS[mark]} ${indentOf(text)}${clean(text)}`.trimEnd()),
  ]);
  return `${[head, ...lines].join("\n")}\n\n`;
}

/** It is half of what a line of a policy says. */
function indentOf(text: string): string {
  return " ".repeat(text.length - text.trimStart().length);
}

function deedText({ what, of, who, why, isThere }: PolicyChange): string {
  if (what === "found") return isThere ? "changed in the file; by whom is not known" : "the file is gone; by whom is not known";
  const deed = what === "taken back" ? `change ${of} taken back` : what === "written as it was" ? `written as after change ${of}` : what;
  return `${deed} by ${clean(who)}: ${clean(why)}`;
}

function forPerson(error: unknown): unknown {
  if (error instanceof WrongChange || error instanceof WrongPolicy) return new CommandError(error.message);
  if (error instanceof UnusableHistory) return new CommandError(error.message, Exit.configuration);
  if (error instanceof Error && "syscall" in error)
    return new CommandError(`expected policies that can be read and written, got ${inWords(error)}`);
  return error;
}
