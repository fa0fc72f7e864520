/** Options that many commands have, and what their values may be. */
import { Option, type Command } from "commander";
import { CommandError } from "../commands/terminal.ts";

export const recording = () => new Option("--recording <name>", "which recording (the latest one unless said)");
export const reason = () => new Option("--reason <text>", "how you know: written beside what is said");
export const who = () => new Option("--who <name>", "your name, written beside it (that of this account unless said)");
export const json = () => new Option("--json", "one JSON document instead of a table");
export const limit = (what: string, most: number) =>
  new Option("--limit <n>", `at most so many ${what}; 0: all`).argParser(wholeNumber("--limit")).default(most);
export const fromDay = () => new Option("--from <day>", "only what was heard from this day on, such as 2026-01-05 (UTC)");
export const toDay = () => new Option("--to <day>", "only what was heard up to this day");
export const noOpen = () => new Option("--no-open", "do not open a browser");

/** Several, with commas between. */
export function names(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

export function positive(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0)) throw new CommandError(`${option}: expected a number above zero, got "${text}"`);
    return value;
  };
}

export function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) throw new CommandError(`${option}: expected a whole number, got "${text}"`);
    return value;
  };
}

/** What every command gets: its own options and the program's. */
export function settingsOf(program: Command): (options: object) => never {
  return (options) => ({ ...program.opts<object>(), ...options }) as never;
}
