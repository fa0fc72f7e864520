/** Who may use the pages. */
import { Option, type Command } from "commander";
import { ROLE_NAMES } from "../model/account.ts";
import { json, names, settingsOf } from "./options.ts";

export function addAccount(program: Command): void {
  const settings = settingsOf(program);
  const account = program
    .command("account")
    .description("who may use the pages: accounts, their roles and passwords, and the audit log")
    .addHelpText(
      "after",
      `
Passwords are typed without echo, or are the first line of standard input; never an argument.

Examples:
  auscult account add anna.lind --role biomed
  auscult account role anna.lind viewer
  auscult account log | tail`,
    );
  account
    .command("add")
    .description("make an account")
    .argument("<name>")
    .requiredOption("--role <role>", ROLE_NAMES.join(", "))
    .option("--sites <names>", "of many sites those it sees, commas between (all unless said)", names)
    .addHelpText("after", "\nExample:\n  auscult account add anna.lind --role biomed")
    .action(async (name: string, options: object) => (await import("../commands/account.ts")).addAccount(name, settings(options)));
  account
    .command("remove")
    .description("take an account away; whoever is signed in under it is out at once")
    .argument("<name>")
    .addHelpText("after", "\nExample:\n  auscult account remove anna.lind")
    .action(async (name: string, options: object) => (await import("../commands/account.ts")).removeAccount(name, settings(options)));
  account
    .command("password")
    .description("set an account's password; whoever is signed in under the old one is out at once")
    .argument("<name>")
    .addHelpText("after", "\nExample:\n  auscult account password anna.lind")
    .action(async (name: string, options: object) => (await import("../commands/account.ts")).setPassword(name, settings(options)));
  account
    .command("sign-out")
    .description("end every sign-in of an account, wherever it was begun; whoever comes with one afterwards is refused and written down")
    .argument("<name>")
    .addHelpText("after", "\nExample:\n  auscult account sign-out anna.lind")
    .action(async (name: string, options: object) => (await import("../commands/account.ts")).endSignIns(name, settings(options)));
  account
    .command("role")
    .description("give an account another role, from its next request on")
    .argument("<name>")
    .argument("<role>", ROLE_NAMES.join(", "))
    .addHelpText("after", "\nExample:\n  auscult account role anna.lind viewer")
    .action(async (name: string, role: string, options: object) =>
      (await import("../commands/account.ts")).setRole(name, role, settings(options)),
    );
  account
    .command("sites")
    .description("say which of many sites an account sees, from its next request on")
    .argument("<name>")
    .argument("<sites>", "names with commas between, or all", names)
    .addHelpText("after", "\nExample:\n  auscult account sites anna.lind north,south")
    .action(async (name: string, sites: readonly string[], options: object) =>
      (await import("../commands/account.ts")).setSites(name, sites, settings(options)),
    );
  account
    .command("list")
    .description("the accounts, with what each may do")
    .addOption(json())
    .action(async (options: object) => (await import("../commands/account.ts")).listAccounts(settings(options)));
  account
    .command("log")
    .description("the audit log: sign-ins, refusals, changes of accounts, settings that matter")
    .addOption(new Option("--json", "one JSON object a line"))
    .action(async (options: object) => (await import("../commands/account.ts")).accountLog(settings(options)));
}
