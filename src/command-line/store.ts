/** Where sites are kept, when that is a database for many of them. */
import type { Command } from "commander";
import { CommandError } from "../commands/terminal.ts";
import { recording, settingsOf } from "./options.ts";

export const DATABASE = "a PostgreSQL database: postgres://USER@HOST/NAME; its password in PGPASSWORD";

/** As it is: what it leads to is seen when it is opened. Said without the password in it. */
export function databaseUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new CommandError(`--database: expected postgres://USER@HOST/NAME, got "${text.replace(/\/\/[^/]*@/, "//…@")}"`);
}

export function addStore(program: Command): void {
  const settings = settingsOf(program);
  const store = program.command("store").description("the PostgreSQL database in which many sites are kept");
  store
    .command("setup")
    .description("make its tables, or bring them to today's shape, and the roles auscult_writer and auscult_reader; as its owner")
    .requiredOption("--database <url>", DATABASE, databaseUrl)
    .addHelpText("after", "\nExamples:\n  auscult store setup --database postgres://keeper@db.example/hospitals")
    .action(async (options: { database: string }) => (await import("../commands/store.ts")).setup(options));
  program
    .command("migrate-store")
    .description("move a recording into PostgreSQL as a site; interrupted, it goes on where it was; the file stays as it is")
    .requiredOption("--database <url>", DATABASE, databaseUrl)
    .option("--site <name>", "what the site is called there (as in the recording unless said)")
    .addOption(recording())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult migrate-store --recording main --database postgres://core@db.example/hospitals --site north",
    )
    .action(async (options: object) => (await import("../commands/store.ts")).migrate(settings(options)));
}
