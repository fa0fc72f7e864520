/** The command line: chooses a command, nothing else. What each takes stands in `command-line/`; what it does is one file in `commands/`, loaded when it is chosen. */
import { existsSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { CommandError, Exit, say } from "./commands/terminal.ts";
import { defaultDataDirectory, WrongSettings } from "./config.ts";
import { inWords } from "./link/refusals.ts";
import { UnusableAccounts } from "./model/account.ts";
import { VERSION } from "./version.ts";
import { BadQuery, NoRecording, UnusableRecording } from "./model/store.ts";
import { addCommands } from "./command-line/index.ts";
import { nameTargets } from "./command-line/policy.ts";

const program = new Command("auscult")
  .description("Listens to a hospital network without ever touching it, and says what every device is and how it knows.")
  .version(VERSION)
  .addOption(new Option("--data <dir>", "where recordings are kept").env("AUSCULT_DATA").default(defaultDataDirectory()))
  .addOption(new Option("--color <when>", "color on the terminal").choices(["auto", "always", "never"]).default("auto"))
  .showHelpAfterError(false)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "auscult: ")) })
  .exitOverride()
  .addHelpText(
    "after",
    `
Examples:
  auscult open ward.pcapng          read a capture, then serve the page
  auscult ward.pcapng --exit --json the inventory as one JSON document
  sudo auscult listen eth1          listen on a mirror port
  auscult devices --filter 'maker ~ philips and last < 1d'
  auscult device d12                what it is, and how we know

Exit codes: 0 done, 1 doctor found something wrong, there is a finding as severe as --fail-on names or a policy would block,
2 wrong use, 3 input unreadable or half-read (what was read is kept), 4 no right to capture or to
change the firewall, 5 wrong configuration, 70 a defect of ours, 129, 130 and 143 stopped before its end.
Auscult is no medical device and no alarm. It never sends a frame to the network it listens to.`,
  );

addCommands(program);

const COMPLETION_SHOWS = new Set(["completion", "complete", "help", "--help", "-h"]);
process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  process.stdout.on("error", endUnwritten);
  process.stderr.on("error", () => undefined);
  const colors =
    args.find((_, at) => args[at - 1] === "--color") ?? args.find((arg) => arg.startsWith("--color="))?.slice("--color=".length);
  // One of them alone: Node complains of both.
  if (colors === "always") {
    process.env["FORCE_COLOR"] = "1";
    delete process.env["NO_COLOR"];
  } else if (colors === "never") {
    process.env["NO_COLOR"] = "1";
    delete process.env["FORCE_COLOR"];
  }
  try {
    // Loaded only where it shows: it is in nobody's way who reads a capture.
    if (args.some((arg) => COMPLETION_SHOWS.has(arg))) (await import("./commands/completion.ts")).addCompletion(program);
    if (args.includes("export")) await nameTargets();
    await program.parseAsync(withOpen(args), { from: "user" });
    return Number(process.exitCode ?? Exit.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.ok : Exit.usage;
    if (error instanceof CommandError) return tell(error.message, error.exit);
    if (error instanceof NoRecording) return tell(error.message, Exit.usage);
    if (error instanceof UnusableAccounts) return tell(error.message, Exit.configuration);
    if (error instanceof UnusableRecording) return tell(error.message, Exit.configuration);
    if (error instanceof WrongSettings) return tell(error.message, Exit.configuration);
    if (error instanceof BadQuery) return tell(queryTrouble(error), Exit.usage);
    say(`auscult: a defect of ours, please report it: ${(error as Error).stack ?? String(error)}`);
    return Exit.bug;
  }
}

/**
 * A reader that went away (`| head`) ends the command in silence, as every filter does. Where nothing can be written (a full disk), the
 * command ends as where `--out` leads nowhere: half an answer is none.
 */
function endUnwritten(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? Exit.ok : tell(`expected a place to write to, got ${inWords(error)}`, Exit.usage));
}

/** `auscult FILE` is `auscult open FILE`. */
function withOpen(args: string[]): string[] {
  const at = args.findIndex((arg, index) => !arg.startsWith("-") && !["--data", "--color"].includes(args[index - 1] ?? ""));
  const word = args[at];
  const known = program.commands.some((command) => command.name() === word) || word === "help";
  return word === undefined || known || !(existsSync(word) || /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(word)) ? args : ["open", ...args];
}

function queryTrouble(error: BadQuery): string {
  const where = error.column === undefined ? "" : ` at column ${error.column}`;
  return `--filter${where}: ${error.message}${error.suggestion === undefined ? "" : ` (did you mean ${error.suggestion}?)`}`;
}

function tell(message: string, exit: number): number {
  say(`auscult: ${message}`);
  return exit;
}
