/** What makers declare of their models. */
import type { Command } from "commander";
import { fromDay, json, reason, recording, settingsOf, toDay, who } from "./options.ts";

export function addDisclosure(program: Command): void {
  const settings = settingsOf(program);
  const disclosed = program
    .command("disclosure")
    .description("what makers say that their models do on the network (IEC 60601-1, 14.13), beside what was heard of them")
    .argument("[model]", "as devices say it, or a device of it (all that anything is known of unless said)")
    .addOption(fromDay())
    .addOption(toDay())
    .addOption(recording())
    .addOption(json())
    .addHelpText(
      "after",
      `
Each flow is declared and heard, or declared and not heard yet; what is heard and not declared is a question for the maker. Where the
recording is short or half heard, where what the other end is is not known, or where not all of a document was read, nobody can tell, and it
says so. What is declared and not heard yet becomes an expected rule of auscult policy learn.

Examples:
  auscult disclosure
  auscult disclosure 'Perseus A500'
  auscult disclosure letter 'Perseus A500' > letter.md
  auscult disclosure add evita.csv --device d12`,
    )
    .action(async (model: string | undefined, options: object) =>
      (await import("../commands/disclosure.ts")).disclosure(model, settings(options)),
    );
  disclosed
    .command("add")
    .description("take a table of flows in, written down from a maker's document, for a model; a dry run unless --apply is said")
    .argument("<file>")
    .option("--device <id>", "a device of that model, such as d12; it is attached to all of them")
    .option("--whole <what>", "whose conversations the document lists in full: all, opened by it, opened to it, part", "all")
    .option("--apply", "attach it; else it is only shown")
    .addOption(recording())
    .addOption(who())
    .addOption(reason())
    .addOption(json())
    .addHelpText(
      "after",
      `
The table has a row of titles, then a flow a row:
  opens,peer,transport,ports,protocol,what for,need,document,page,day
  device,image archive,tcp,default 104,dicom,send images,required,"Service manual 12-34 rev. C",88,2024-05
  peer,inside,icmp,8,*,answer pings,optional,"Service manual 12-34 rev. C",89,2024-05
opens: device or peer. peer: kinds of devices with ; between, or anyone, inside, outside, multicast, broadcast. ports: of whoever is opened to,
"default" before them where the site may set another, * where the document names none. protocol, need and day may be left out.

The last table of a model counts, and goes before ours. It is written into the chain of changes.

Examples:
  auscult disclosure add evita.csv --device d12
  auscult disclosure add evita.csv --device d12 --apply --reason 'from the maker, ticket 4711'
  auscult changes --undo 7 --reason 'of another version'`,
    )
    .action(async (file: string, options: object) =>
      (await import("../commands/disclosure-add.ts")).addDisclosure(file, settings(options)),
    );
  disclosed
    .command("letter")
    .description("a letter to the maker: what was heard and is not declared, as questions; Markdown, without addresses")
    .argument("<model>", "as devices say it, or a device of it")
    .option("--with-addresses", "with the addresses of the other ends")
    .addOption(fromDay())
    .addOption(toDay())
    .addOption(recording())
    .addHelpText(
      "after",
      "\nExamples:\n  auscult disclosure letter 'Perseus A500' > letter.md\n  auscult disclosure letter d12 --with-addresses",
    )
    .action(async (model: string, options: object) =>
      (await import("../commands/disclosure.ts")).disclosureLetter(model, settings(options)),
    );
}
