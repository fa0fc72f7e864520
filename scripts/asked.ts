/** What a script of ours is asked: options and words, or help; where they are wrong one line, exit 2. */
import { parseArgs, type ParseArgsConfig } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** `usage` begins with a line that says what it does. The script ends here when it was asked for help, or wrongly. */
export function asked<const Known extends Options>(script: string, usage: string, known: Known) {
  const words = process.argv.slice(2);
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs({ args: words, options: known, allowPositionals: true });
  } catch (error) {
    const options = [...Object.keys(known), "help"].map((it) => `--${it}`).join(", ");
    // "Unknown option '--fast'. To specify a positional argument ...": the first sentence says it.
    return wrongUse(script, `expected options among ${options}: ${(error as Error).message.split(". ")[0]!.replaceAll("\n", " ")}`);
  }
}

export function wrongUse(script: string, words: string): never {
  process.stderr.write(`${script}: ${words}\n`);
  process.exit(2);
}

export function wholeNumber(script: string, what: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && text.trim() !== "") return value;
  return wrongUse(script, `${what}: expected a whole number from ${least}, got "${text}"`);
}
