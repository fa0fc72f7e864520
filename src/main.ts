/** The command line: chooses a command, nothing else. Each command is one file in `commands/`, loaded when it is chosen. */
import { existsSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { CommandError, Exit, say } from "./commands/terminal.ts";
import { defaultDataDirectory, WrongSettings } from "./config.ts";
import { inWords } from "./link/refusals.ts";
import { ROLE_NAMES, UnusableAccounts } from "./model/account.ts";
import { DO_NOT_SCAN_STATES } from "./model/do-not-scan.ts";
import { REPORTS_FOR } from "./model/report.ts";
import { GROWTH_BY } from "./model/lifecycle.ts";
import { FAMILIES, FINDING_STATES, FINDING_VERDICTS, SEVERITIES } from "./model/finding.ts";
import { ANSWERS, WEAKNESS_KINDS } from "./model/weakness.ts";
import { VERSION } from "./version.ts";
import { BadQuery, NoRecording, UnusableRecording } from "./model/store.ts";

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

Exit codes: 0 done, 1 doctor found something wrong or a policy would block, 2 wrong use, 3 input unreadable or half-read (what was read is kept),
4 no right to capture or to change the firewall, 5 wrong configuration, 70 a defect of ours, 130 and 143 stopped before its end.
Auscult is no medical device and no alarm. It never sends a frame to the network it listens to.`,
  );

const recording = () => new Option("--recording <name>", "which recording (the latest one unless said)");
const reason = () => new Option("--reason <text>", "how you know: written beside what is said");
const who = () => new Option("--who <name>", "your name, written beside it (that of this account unless said)");
const json = () => new Option("--json", "one JSON document instead of a table");
const limit = (what: string, most: number) =>
  new Option("--limit <n>", `at most so many ${what}; 0: all`).argParser(wholeNumber("--limit")).default(most);
const noOpen = () => new Option("--no-open", "do not open a browser");

program
  .command("start", { hidden: true })
  .description("what `npm start` does: the page, where one chooses what to listen to; or the captures and interfaces given")
  .argument("[files...]")
  .option("--listen <interface...>", "listen on these interfaces")
  .addOption(noOpen())
  .action(async (files: string[], options: object) => (await import("./commands/start.ts")).start(files, settings(options)));
program
  .command("open")
  .description("read captures (pcap, pcapng, gzip or zstd of either, a folder, - for standard input) and serve the page")
  .argument("<files...>")
  .option("--exit", "end after the files instead of serving the page")
  .option("--into <site>", "add to this site's recording instead of one named after the files")
  .addOption(json())
  .addOption(noOpen())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult open ward.pcapng\n  auscult open captures/ --exit --json > inventory.json\n  zcat ward.pcap.gz | auscult open - --exit",
  )
  .action(async (files: string[], options: object) => (await import("./commands/open.ts")).open(files, settings(options)));
program
  .command("listen")
  .description("listen on mirror ports and serve the page, until stopped")
  .argument("<interfaces...>")
  .option("--seconds <n>", "end after this long", positive("--seconds"))
  .option("--exit", "with --seconds: print the devices and end")
  .addOption(json())
  .addOption(noOpen())
  .addHelpText("after", "\nExamples:\n  auscult listen eth1\n  auscult listen eth1 eth2 --seconds 60 --exit")
  .action(async (interfaces: string[], options: object) => (await import("./commands/listen.ts")).listen(interfaces, settings(options)));
program
  .command("evidence")
  .description(
    "read what others wrote down into a recording: leases, tables of switches, ARP tables, lists of clients, networks and ports, logs of Suricata and Zeek",
  )
  .argument("<files...>")
  .option("--at <date>", "when the files were written (as the file system says unless said), universal time")
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nEach form is told by what stands in the file (docs/evidence.md). Read captures first: whose names may be told shows in them.\n\nExamples:\n  auscult evidence /var/lib/dhcp/dhcpd.leases ward-3.txt\n  auscult evidence leases.csv --recording main --at '2026-11-23 08:00'\n  auscult evidence eve.json notice.log conn.log  alerts become evidence of what was found here",
  )
  .action(async (files: string[], options: object) => (await import("./commands/evidence.ts")).evidence(files, settings(options)));
program
  .command("devices")
  .description("the devices of a recording")
  .option("--filter <text>", "words search; field op value filters: kind = printer and last < 5m", "")
  .option("--sort <field>", "care, name, kind, maker, location, ip, first, last; a leading - turns it round", "care")
  .option("--limit <n>", "at most so many rows; 0: all", wholeNumber("--limit"), 0)
  .addOption(recording())
  .addOption(json().conflicts(["csv", "fhir"]))
  .option("--csv", "a table for a spreadsheet; edited, `auscult list` reads it again")
  .addOption(new Option("--fhir [version]", "FHIR Device resources in a Bundle (R4 unless said)").choices(["R4", "R5"]).conflicts("csv"))
  .addHelpText(
    "after",
    "\nExamples:\n  auscult devices --filter 'kind ~ pump'\n  auscult devices --filter 'ip in 10.20.0.0/16 and not maker = Philips' | wc -l",
  )
  .action(async (options: object) => (await import("./commands/devices.ts")).devices(settings(options)));
program
  .command("device")
  .description("one device: what it is, how we know, who it talks to")
  .argument("<device>", "its id, or a name, an address or a serial that no other has")
  .option("--merge <device>", "say that this other device and it are one machine")
  .option("--split <addresses...>", "say that these of its addresses are another machine")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nWhat was heard stays as it is: the same addresses, divided otherwise, until it is taken back (auscult changes --undo).\n\nExamples:\n  auscult device 10.20.0.7\n  auscult device d12 --merge d31 --reason 'one cart, seen on ward 4'\n  auscult device d12 --split 10.20.0.9 --reason 'the second bed'",
  )
  .action(async (id: string, options: object) => (await import("./commands/device.ts")).device(id, settings(options)));
program
  .command("list")
  .description("the hospital's own list (CMMS export, spreadsheet as CSV) held against what was heard; nothing is written without --apply")
  .argument("<file>", "CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252; or a table of ours that was edited")
  .option("--column <field=title...>", "which column is what, where its title does not say: serial='Ser. Nr', owner= for none")
  .option("--match <row=device...>", "what a person knows: row 12 is device d7, 12= is none of those heard")
  .option("--apply", "say what the list says, all or none, as one change")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult list assets.csv\n  auscult list assets.csv --column 'serial=Fabr. Nr' --match 12=d7 --apply --reason 'CMMS of 27 November'",
  )
  .action(async (file: string, options: object) => (await import("./commands/list.ts")).list(file, settings(options)));
program
  .command("report")
  .description("a recording for one reader, as one HTML file that prints well, or its tables as CSV")
  .addOption(new Option("--for <reader>", "whom it is for").choices(REPORTS_FOR).default("biomed"))
  .option("--out <file>", "write it to this file instead of standard output")
  .option("--csv", "the tables as CSV instead of HTML")
  .option("--days <n>", "only findings heard in the recording's last so many days", positive("--days"))
  .option("--sample <n>", "draw so many devices and show each from claim to what was heard", positive("--sample"))
  .addOption(new Option("--seed <n>", "the same seed draws the same devices").argParser(wholeNumber("--seed")).default(1))
  .option("--force", "write over a file that is there")
  .addOption(recording())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult report --out biomed.html\n  auscult report --for auditor --sample 25 --seed 7 --out audit.html\n  auscult report --for security --days 30 --csv > security.csv",
  )
  .action(async (options: object) => (await import("./commands/report.ts")).report(settings(options)));
program
  .command("lifecycle")
  .description("how the fleet grows and how it goes on; what came, went quiet, moved or stands idle; versions on their way")
  .addOption(new Option("--by <what>", "counted by").choices(GROWTH_BY).default("kind"))
  .option("--hours <n>", "what one device takes of the team in a year", positive("--hours"))
  .addOption(recording())
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  auscult lifecycle\n  auscult lifecycle --by location\n  auscult lifecycle --hours 2.5")
  .action(async (options: object) => (await import("./commands/lifecycle.ts")).lifecycle(settings(options)));
program
  .command("recall")
  .description("which devices a maker's recall means: heard, nobody can tell, and of the hospital's own list those never heard")
  .option("--maker <name>", "of this maker")
  .option("--model <name>", "of this model")
  .option("--serials <list>", "with these serial numbers, or from..to: SN0100..SN0150,SN0200")
  .option("--software <version>", "with this version of its software")
  .option("--udi <udi>", "with this UDI, or its device identifier (GS1 01)")
  .option("--lot <lot>", "of this lot (GS1 10)")
  .option("--list <file>", "the hospital's own list, as for auscult list")
  .option("--keep <title>", "keep it under this title as a list to tick off: auscult recalls")
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult recall --maker 'B. Braun' --model Space --serials 10500..10799 --list assets.csv --keep 'Space, hose of 2026'\n  auscult recall --udi 00844588003288 --lot AB12",
  )
  .action(async (options: object) => (await import("./commands/recall.ts")).recall(settings(options)));
program
  .command("recalls")
  .description("recalls that are searched for: what is found, by whom, and what is left; ticked off here or on the page")
  .argument("[number]", "one of them", wholeNumber("number"))
  .option("--found <entries...>", "tick these off: d12, or row:14 of the hospital's list")
  .option("--not-meant <entries...>", "somebody looked, and the recall does not mean these")
  .option("--take-back <entries...>", "what was ticked of these; both stay written")
  .option("--note <text>", "written beside it")
  .option("--print", "the list as HTML to print, with a box for each that is left, instead of a table")
  .option("--csv", "the list as CSV")
  .addOption(who())
  .addOption(json())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult recalls\n  auscult recalls 1 --print > to-find.html\n  auscult recalls 1 --found d12 row:14 --note 'hose changed'\n  auscult recalls 1 --take-back d12",
  )
  .action(async (number: number | undefined, options: object) =>
    (await import("./commands/recalls.ts")).recalls(number, settings(options)),
  );
program
  .command("findings")
  .description("what happened that should not: what, to whom, how we know; the most severe first; one by its id")
  .argument("[id]", "one finding, with its evidence and what to do; test: a made-up one to the outputs of the settings")
  .addOption(new Option("--to <output>", "with test: to which").choices(["syslog", "webhook", "file", "mail", "all"]))
  .addOption(new Option("--state <state>", "only these (new and acknowledged unless said)").choices([...FINDING_STATES, "all"]))
  .addOption(new Option("--severity <severity>", "only as severe or more").choices(SEVERITIES))
  .addOption(new Option("--family <family>", "only of this family").choices(FAMILIES))
  .option("--device <id>", "only of this device, on either side")
  .addOption(new Option("--fail-on <severity>", "exit code 1 where one listed is as severe or more").choices(SEVERITIES))
  .option("--frames <file>", "with an id: write the frames it rests on to this file, as pcapng")
  .option("--acknowledge", "with an id: you have this")
  .option("--explain", "with an id: it is known why, until a day; needs --until and --owner")
  .option("--until <day>", "the last day an explanation covers, such as 2026-12-01 (UTC)")
  .option("--owner <name>", "who answers for what is explained")
  .addOption(new Option("--close <verdict>", "with an id: it is done with").choices(FINDING_VERDICTS))
  .option("--reopen", "with an id: it is not done with")
  .option("--undo", "with an id: take back what was said of it last")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    `
What is said of a finding covers what it was by then: more severe, gone on after it was closed, or gone on beyond the day, it is new again.
At most ten ask somebody at one time, what endangers a patient first; the others wait, are counted, and follow as those are taken
(askedAtOnce, shifts and askedRoles in docs/settings.md).

Examples:
  auscult findings                                  new ones and those somebody has
  auscult findings --json --fail-on high            for scripts: docs/findings.schema.json
  auscult findings 5f1d3a7790c2be14                 one, with its evidence
  auscult findings 5f1d3a7790c2be14 --frames it.pcapng
  auscult findings 5f1d3a7790c2be14 --acknowledge --reason 'looking at it'
  auscult findings 5f1d3a7790c2be14 --explain --until 2026-12-01 --owner Kim --reason 'password is being changed'
  auscult findings 5f1d3a7790c2be14 --close innocent --reason 'old script, stopped'
  auscult findings 5f1d3a7790c2be14 --undo --reason 'wrong finding'
  auscult findings test --to all                    does it arrive where the settings say
  AUSCULT_OUTPUT_MAIL=smtp://mail.example:587 AUSCULT_OUTPUT_MAIL_FROM=auscult@hospital.example \\
    AUSCULT_OUTPUT_MAIL_TO=biomed@hospital.example auscult findings test --to mail`,
  )
  .action(async (id: string | undefined, options: object) =>
    id === "test"
      ? (await import("./commands/findings-test.ts")).findingsTest(settings(options))
      : (await import("./commands/findings.ts")).findings(id, settings(options)),
  );
program
  .command("today")
  .description("what needs someone today, in at most seven sentences, and the work that fits the team's week")
  .option("--hours <n>", "say how many hours a week the team has for it, from now on")
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nPatients first. Of the hours 80 % are planned at most; what an item takes away is in points of risk (auscult risk).\n\nExamples:\n  auscult today\n  auscult today --hours 6\n  auscult today --json",
  )
  .action(async (options: object) => (await import("./commands/today.ts")).today(settings(options)));
program
  .command("risk")
  .description("devices by their risk to patient, device and network, 0 to 100; one with every point and what each step would take away")
  .argument("[device]", "its id, or a name, an address or a serial that no other has")
  .addOption(new Option("--band <band>", "only these: critical from 85, high from 60, medium from 30").choices(SEVERITIES))
  .addOption(limit("devices", 20))
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nEach point names its rule and its source; the weights with their reasons are in src/knowledge/risk-points.tsv.\n\nExamples:\n  auscult risk\n  auscult risk --band critical --limit 0\n  auscult risk d12\n  auscult risk d12 --json | node scripts/recompute-risk.ts",
  )
  .action(async (device: string | undefined, options: object) => (await import("./commands/risk.ts")).risk(device, settings(options)));
program
  .command("vulnerabilities")
  .description("what is wrong with devices as they stand: by weakness, with how many are affected or possibly so; one with its devices")
  .argument("[name]", "one weakness, with its devices, what to do and how traffic shows that it is done")
  .option("--device <id>", "only of this device")
  .addOption(new Option("--kind <kind>", "only of this kind").choices(WEAKNESS_KINDS))
  .addOption(new Option("--severity <severity>", "only as severe or more").choices(SEVERITIES))
  .addOption(new Option("--answer <answer>", "only what devices are surely, or possibly, affected by").choices(ANSWERS))
  .option("--dismissed", "with what people dismissed")
  .addOption(new Option("--fail-on <severity>", "exit code 1 where one listed is as severe or more").choices(SEVERITIES))
  .option("--confirm", "with a name and --device: you have looked, it is so")
  .option("--dismiss", "with a name and --device: you have looked, it is not so, or is taken care of")
  .option("--model", "what is said is of all devices of its maker and model")
  .option("--undo", "with a name and --device: take back what was said of it")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    `
Nothing is ever asked of a device: docs/weaknesses.md says what each can and cannot see.

Examples:
  auscult vulnerabilities                                  all, the worst first
  auscult vulnerabilities --severity high --fail-on high   for scripts
  auscult vulnerabilities telnet-answers                   one, with its devices
  auscult vulnerabilities --device d12 --json
  auscult vulnerabilities telnet-answers --device d12 --dismiss --reason 'behind its own firewall, change 4711'
  auscult vulnerabilities telnet-answers --device d12 --model --confirm --reason 'the maker says so'
  auscult vulnerabilities telnet-answers --device d12 --undo --reason 'wrong device'`,
  )
  .action(async (name: string | undefined, options: object) =>
    (await import("./commands/vulnerabilities.ts")).vulnerabilities(name, settings(options)),
  );
const doNotScan = program
  .command("do-not-scan")
  .description("devices that no scanner should ask, with why and until when: listed, added, taken off, exported for scanners")
  .addHelpText(
    "after",
    `
On it is who keeps a patient alive or treats him, whom a published weakness lets packets stop, who is used on patients with a system past
its support, and who fell silent when it was scanned. A line ends some days after its device was last heard at its address (the setting
doNotScanDays); an address that another device took is on no line. Nothing is sent to a scanner: it is a file that you give it.

Examples:
  auscult do-not-scan list
  auscult do-not-scan export --to nmap --out exclude.txt && nmap -sn 10.20.0.0/16 --excludefile exclude.txt
  auscult do-not-scan add d12 --reason 'rebooted when it was scanned in May, says its maker' --until 2027-05-31
  auscult do-not-scan add 10.20.30.0/24 --reason 'the catheter laboratory, until it is moved'
  auscult do-not-scan remove d31 --reason 'a demonstrator, on no patient'
  auscult do-not-scan undo d31 --reason 'it went back to the ward'`,
  );
doNotScan
  .command("list", { isDefault: true })
  .description("its lines: who, at which addresses, why, whence, last confirmed and until when")
  .addOption(new Option("--state <state>", "only these").choices(DO_NOT_SCAN_STATES))
  .addOption(recording())
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  auscult do-not-scan list\n  auscult do-not-scan list --state ended --json")
  .action(async (options: object) => (await import("./commands/do-not-scan.ts")).doNotScanList(settings(options)));
doNotScan
  .command("export")
  .description("the list as a scanner takes it, on standard output; what it cannot hold, and how it is taken in, is said beside it")
  .requiredOption("--to <scanner>", "nmap, nessus, tenable, qualys, rapid7, csv or json")
  .option("--out <file>", "into this file, whole or not at all: where nothing can be exported the one before stays")
  .option("--allow-empty", "write a list of nobody where nobody is on it; refused otherwise, since a scanner then asks everybody")
  .addOption(recording())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult do-not-scan export --to nmap --out exclude.txt\n  auscult do-not-scan export --to nessus --out auscult.rules\n  auscult do-not-scan export --to rapid7 | curl -u USER -X PUT -H 'Content-Type: application/json' -d @- https://CONSOLE:3780/api/3/sites/7/excluded_targets",
  )
  .action(async (options: object) => (await import("./commands/do-not-scan.ts")).doNotScanExport(settings(options)));
doNotScan
  .command("add")
  .description("put a device, an address or a network on it, or confirm that it still belongs there")
  .argument("<device>", "a device by its id or what finds it; else an address, or a network such as 10.20.30.0/24")
  .option("--until <day>", "the last day it holds, such as 2026-12-01; as the setting doNotScanDays says unless named")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addHelpText("after", "\nExamples:\n  auscult do-not-scan add d12 --reason 'rebooted when it was scanned in May' --until 2027-05-31\n  auscult do-not-scan add 10.20.30.0/24 --reason 'the catheter laboratory'") // prettier-ignore
  .action(async (device: string, options: object) => (await import("./commands/do-not-scan.ts")).doNotScanSay(device, "list", settings(options))); // prettier-ignore
doNotScan
  .command("remove")
  .description("say that a device, an address or a network may be scanned, whatever else speaks for it")
  .argument("<device>", "as for add")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addHelpText("after", "\nExamples:\n  auscult do-not-scan remove d31 --reason 'a demonstrator, on no patient'")
  .action(async (device: string, options: object) => (await import("./commands/do-not-scan.ts")).doNotScanSay(device, "take off", settings(options))); // prettier-ignore
doNotScan
  .command("undo")
  .description("take back what was said last of a line")
  .argument("<device>", "as for add")
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addHelpText("after", "\nExamples:\n  auscult do-not-scan undo d31 --reason 'it went back to the ward'")
  .action(async (device: string, options: object) => (await import("./commands/do-not-scan.ts")).doNotScanUndo(device, settings(options)));
program
  .command("contacts")
  .description("whom to call about a finding, by ward, kind, maker and hour; with a CSV file, those from now on")
  .argument("[file]", "columns ward, kind, maker, hours, who, call; an empty one fits all")
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  auscult contacts\n  auscult contacts on-call.csv")
  .action(async (file: string | undefined, options: object) => (await import("./commands/contacts.ts")).contacts(file, settings(options)));
program
  .command("planned")
  .description("work that was announced: findings all of which lie inside of it ask nobody to act; with a file, that from now on")
  .argument("[file]", "CSV with the columns what, by, where, kind, from, to, who; or a calendar (ICS)")
  .addOption(json())
  .addHelpText(
    "after",
    `
by and where are networks, addresses, names, places or kinds of device, semicolons between; one of them may be empty: anybody. kind is of
findings (docs/detectors.md), hazard unless said, never clinical. Times are universal unless they say another. Of an event of a calendar the
summary is what, the location where, the organizer who; lines such as "by: 10.9.9.9" or "kind: scan" in its description say the rest.
Another source, another target, a moment before or after, or another kind is not covered.

Examples:
  auscult planned
  auscult planned work.csv      what,by,where,kind,from,to,who
                                yearly scan,10.9.9.9,10.20.0.0/16,scan,2026-11-28 22:00,2026-11-29 06:00,network team
  auscult planned work.ics`,
  )
  .action(async (file: string | undefined, options: object) => (await import("./commands/planned.ts")).planned(file, settings(options)));
program
  .command("changes")
  .description("what people said, newest first, with what fits no device now and waits")
  .option("--undo <change>", "take this one back", wholeNumber("--undo"))
  .addOption(reason())
  .addOption(who())
  .addOption(recording())
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  auscult changes\n  auscult changes --undo 7 --reason 'wrong bed'")
  .action(async (options: object) => (await import("./commands/changes.ts")).changes(settings(options)));
const policy = program
  .command("policy")
  .description("what devices need, so all they may do: learned, written down, replayed against what was heard")
  .addHelpText(
    "after",
    "\nA policy is a text (docs/policy.md). Only apply, confirm, rollback, open, close and follow change anything, and only on the machine where they are typed.\n\nExamples:\n  auscult policy learn > ward.yaml       the least that covers what was heard\n  auscult policy check ward.yaml         what it would block",
  );
const fromDay = () => new Option("--from <day>", "only what was heard from this day on, such as 2026-01-05 (UTC)");
const toDay = () => new Option("--to <day>", "only what was heard up to this day");
policy
  .command("learn")
  .description("write the least rules that cover what was heard; what is not learned is listed for a person to decide")
  .option("--name <name>", "what the policy is called (as the recording unless said)")
  .option("--only <kind...>", "judge only devices of these kinds; all others are named as peers")
  .addOption(limit("lines of what is not learned", 50))
  .addOption(fromDay())
  .addOption(toDay())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nExamples:\n  auscult policy learn > hospital.yaml\n  auscult policy learn --only 'infusion pump' 'pump server' --to 2026-01-18 > pumps.yaml",
  )
  .action(async (options: object) => (await import("./commands/policy-learn.ts")).policyLearn(settings(options)));
policy
  .command("show")
  .description("a policy with its members, as of the end of a recording; or written as it should be")
  .argument("<policy>")
  .option("--format", "the policy's text as it should be written, and nothing else")
  .option("--write", "write it so into the file")
  .addOption(recording())
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  auscult policy show pumps.yaml\n  auscult policy show pumps.yaml --write")
  .action(async (file: string, options: object) => (await import("./commands/policy-show.ts")).policyShow(file, settings(options)));
policy
  .command("check")
  .description("replay a recording against a policy: what it would block, what nobody can tell, what was not heard yet")
  .argument("<policy>")
  .option("--as-if <A → B>", "only what A was heard in, as if B stood in its place: the fail-over nobody has drilled")
  .addOption(limit("stories", 50))
  .addOption(fromDay())
  .addOption(toDay())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nExit codes: 0 nothing would be blocked, 1 something would be blocked or a test of the policy fails, 2 wrong use.\n\nExamples:\n  auscult policy check pumps.yaml\n  auscult policy check pumps.yaml --from 2026-01-19 --json > report.json",
  )
  .action(async (file: string, options: object) => (await import("./commands/policy-check.ts")).policyCheck(file, settings(options)));
policy
  .command("compare")
  .description("two policies against the same recording: what newly breaks, what is newly kept, what is newly open")
  .argument("<before>")
  .argument("<after>")
  .addOption(limit("lines of each", 50))
  .addOption(fromDay())
  .addOption(toDay())
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nExit codes: 0 nothing is newly blocked, 1 something is, 2 wrong use.\n\nExample:\n  auscult policy compare pumps.yaml pumps-new.yaml",
  )
  .action(async (before: string, after: string, options: object) =>
    (await import("./commands/policy-compare.ts")).policyCompare(before, after, settings(options)),
  );
policy
  .command("history")
  .description("who changed a policy's text, when, why and how; take a change back, or write it as it once was")
  .argument("<name>", "one of the data directory's policies, which the page writes")
  .option("--text <n>", "its text as it was after that change, and nothing else", wholeNumber("--text"))
  .option("--undo <n>", "take that change back, and leave what came after it", wholeNumber("--undo"))
  .addOption(
    new Option("--restore <n>", "write all of it as it was after that change").argParser(wholeNumber("--restore")).conflicts("undo"),
  )
  .addOption(new Option("--reason <words>", "why, written beside it; needed where something is changed"))
  .addOption(who())
  .addOption(limit("changes", 20))
  .addOption(json())
  .addHelpText(
    "after",
    "\nAn undo is refused where a later change is about the same lines. Whatever is done, all that was ever written stays.\n\nExamples:\n  auscult policy history pumps\n  auscult policy history pumps --undo 7 --reason 'the old server stays until May'\n  auscult policy history pumps --text 6 > pumps-before.yaml",
  )
  .action(async (name: string, options: object) => (await import("./commands/policy-history.ts")).policyHistory(name, settings(options)));
policy
  .command("why")
  .description("is it us? whether a policy stopped anything to or from a device, and whether its usual work goes on, in one sentence")
  .argument("<device>", "its id, or a name or an address that no other has")
  .requiredOption("--policy <policy>", "the policy that stands")
  .option("--since <age>", "how far back: 15m, 2h, 1d", "15m")
  .option("--counters <file>", "what auscult policy counters --save wrote on the machine that is the firewall")
  .option("--log <file...>", "what equipment wrote of what it denied: nftables, Cisco, FortiGate, Palo Alto")
  .option("--log-zone <zone>", "of clocks of equipment whose lines name no zone", "+00:00")
  .addOption(recording())
  .addOption(json())
  .addHelpText(
    "after",
    "\nWhere a wall was put up on this machine its counters are asked (needs the right to change the firewall), and time is this machine's; else it is\ncounted back from the recording's last moment.\n\nExit codes: 0 it is not, or nobody can tell; 1 it is, perhaps only probably; 2 wrong use.\n\nExamples:\n  sudo auscult policy why 10.20.0.7 --policy pumps.yaml\n  auscult policy why PUMP-07 --policy pumps.yaml --since 1h --log /var/log/switches.log --log-zone +01:00",
  )
  .action(async (device: string, options: object) => (await import("./commands/policy-why.ts")).policyWhy(device, settings(options)));
policy
  .command("reach")
  .description("how far a worm could come from each group: over what was heard, and under the policy; and what cuts it most")
  .argument("<policy>")
  .option("--start <group or device>", "only from this group, or this device by its number, name or address")
  .addOption(limit("cuts", 10))
  .addOption(fromDay())
  .addOption(toDay())
  .addOption(recording())
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  auscult policy reach pumps.yaml\n  auscult policy reach pumps.yaml --start 10.2.0.17 --json")
  .action(async (file: string, options: object) => (await import("./commands/policy-reach.ts")).policyReach(file, settings(options)));
/** What it is for stands in its description once the exporters are loaded, which no other command waits for. */
const target = new Option("--to <target>").makeOptionMandatory();
policy
  .command("export")
  .description("write a policy for the hospital's own equipment; --rollback: what takes it back; --change: one page for those who decide")
  .argument("<policy>")
  .addOption(target)
  .addOption(new Option("--denied <how>", "what becomes of what no rule allows").choices(["drop", "log", "as-it-says"]).default("drop"))
  .option(
    "--budget <n>",
    "entries a list of cisco-dacl or cisco-ios may have: lines are merged, and what that widens is said",
    wholeNumber("--budget"),
  )
  .option("--counts <equipment>", "how the equipment counts entries, by its name in src/knowledge/switches.tsv")
  .option("--widen <who>", "who said that what is life-critical may be widened, where a list does not fit without")
  .addOption(
    new Option("--into <folder>", "where the lists of --to edl go, each a file; none is ever left empty").conflicts(["rollback", "change"]),
  )
  .option("--rollback", "the text that takes it back, without Auscult")
  .addOption(new Option("--change", "the page in words, as Markdown").conflicts("rollback"))
  .addOption(recording())
  .addHelpText(
    "after",
    "\nThe policy's own tests must hold. Members are those at the end of the recording: export anew when they change.\n\nExamples:\n  auscult policy export pumps.yaml --to cisco-dacl > pumps.txt\n  auscult policy export pumps.yaml --to nftables-bridge --change > change.md\n  auscult policy export pumps.yaml --to edl --into /srv/lists",
  )
  .action(async (file: string, options: object) => (await import("./commands/policy-export.ts")).policyExport(file, settings(options)));
const on = () =>
  new Option("--on <hook>", "where the rules stand: a bridge of this machine, or this machine as a router").choices(["bridge", "router"]);
policy
  .command("apply")
  .description("put up the wall on this machine, which is the firewall: it goes back by itself unless it is confirmed")
  .argument("<policy>")
  .addOption(on().makeOptionMandatory())
  .option("--seconds <n>", "so long it stands unless confirmed", positive("--seconds"), 60)
  .option(
    "--cards",
    "on a bridge: an address answers to the rules only from the card it was heard on; where the recording was heard on this bridge",
  )
  .option("--second <account>", "who signs with you where therapy would be enforced: an account that has the safety role")
  .addOption(who())
  .addOption(recording())
  .addHelpText(
    "after",
    "\nAt a terminal only, with the right to change the firewall (nftables). Groups that are drafts are left alone; what no rule allows is counted and\nlogged where the policy says monitor, dropped where it says enforced. Groups with life-supporting devices are never enforced.\n\nExamples:\n  sudo auscult policy apply pumps.yaml --on bridge\n  sudo auscult policy confirm",
  )
  .action(async (file: string, options: object) => (await import("./commands/policy-wall.ts")).policyApply(file, settings(options)));
policy
  .command("confirm")
  .description("say that all is well: what was put up stays")
  .addOption(on())
  .addHelpText("after", "\nExample:\n  sudo auscult policy confirm")
  .action(async (options: object) => (await import("./commands/policy-wall.ts")).policyConfirm(settings(options)));
policy
  .command("rollback")
  .description("take back what was put up last: what stood before stands again")
  .addOption(on())
  .addHelpText("after", "\nExample:\n  sudo auscult policy rollback")
  .action(async (options: object) => (await import("./commands/policy-wall.ts")).policyRollback(settings(options)));
policy
  .command("standing")
  .description("what stands on this machine, what each rule counted, and whether somebody changed it since")
  .addOption(on())
  .addOption(json())
  .addHelpText("after", "\nExit codes: 0 it is as it was put up, 1 somebody changed it.\n\nExample:\n  sudo auscult policy standing --json")
  .action(async (options: object) => (await import("./commands/policy-wall.ts")).policyStanding(settings(options)));
policy
  .command("follow")
  .description(
    "keep the sets of the wall that stands to who wears what now, as the recording is written: members keep their rules, strangers inherit nothing",
  )
  .addOption(on())
  .option("--seconds <n>", "end after this long", positive("--seconds"))
  .addOption(json())
  .addHelpText(
    "after",
    "\nOn the machine that is the firewall, beside auscult listen; with the right to change the firewall (nftables). Only elements of our own sets are\nchanged, never a rule. What happens is on stdout, in followed.log beside the wall's files, and in the audit log where there are accounts.\n\nExample:\n  sudo auscult policy follow",
  )
  .action(async (options: object) => (await import("./commands/policy-follow.ts")).policyFollow(settings(options)));
policy
  .command("counters")
  .description("what the wall on this machine counted at each rule, and who was stopped; saved, the page shows it beside the rules")
  .argument("<policy>")
  .addOption(on())
  .option("--save [file]", "into a file the page reads: beside the policy unless said")
  .addOption(json())
  .addHelpText("after", "\nExamples:\n  sudo auscult policy counters pumps.yaml\n  sudo auscult policy counters pumps.yaml --save")
  .action(async (file: string, options: object) => (await import("./commands/policy-counters.ts")).policyCounters(file, settings(options)));
policy
  .command("open")
  .description("open a group of the wall for a stated time: what no rule allows goes on and is remembered; it closes by itself")
  .argument("<group>", "as the policy names it")
  .requiredOption("--for <age>", "so long: 15m, 2h; at most 12h")
  .requiredOption("--reason <text>", "why")
  .option("--as <account>", "who opens it, where there are accounts: one that may, with its password")
  .addOption(on())
  .addOption(who())
  .addHelpText(
    "after",
    "\nThe kernel closes it, also when nothing of Auscult is running then. auscult policy standing says afterwards what used it.\n\nExample:\n  sudo auscult policy open 'infusion pump' --for 15m --reason 'new server, rule to follow' --as anna.lind",
  )
  .action(async (group: string, options: object) => (await import("./commands/policy-open.ts")).policyOpen(group, settings(options)));
policy
  .command("close")
  .description("close a group that was opened, before its time")
  .argument("<group>")
  .addOption(on())
  .addHelpText("after", "\nExample:\n  sudo auscult policy close 'infusion pump'")
  .action(async (group: string, options: object) => (await import("./commands/policy-open.ts")).policyClose(group, settings(options)));
program
  .command("simulate")
  .description("write a sample hospital: real bytes of real protocols, and the truth beside them")
  .requiredOption("--out <file>", "the capture to write (.pcap); the truth goes beside it as .json")
  .option("--seed <n>", "the same seed gives the same bytes", wholeNumber("--seed"), 1)
  .option("--minutes <n>", "how long; of each day, where there are several", positive("--minutes"))
  .option("--days <n>", "so many mornings, with what comes weekly and monthly, strays, and who means harm", wholeNumber("--days"))
  .option("--size <n>", "how many devices, about", positive("--size"))
  .option("--weaknesses", "plant known weaknesses, each beside a clean twin, and say in the truth where")
  .option("--force", "write over files that are there")
  .action(async (options: object) => (await import("./commands/simulate.ts")).simulate(settings(options)));
program
  .command("backup")
  .description("copy a recording with the policies and walls beside it, checked, also while it is being written")
  .argument("<file>")
  .addOption(recording())
  .action(async (file: string, options: object) => (await import("./commands/backup.ts")).backup(file, settings(options)));
program
  .command("restore")
  .description("put a backup back, checked before anything is replaced")
  .argument("<file>")
  .addOption(new Option("--recording <name>", "what it is called then (as when it was copied unless said)"))
  .option("--replace", "replace a recording that is there")
  .option("--policies", "its policies and walls in place of those here, which are kept beside (policies.before, wall.before)")
  .action(async (file: string, options: object) => (await import("./commands/restore.ts")).restore(file, settings(options)));
program
  .command("attach")
  .description("attach what a maker writes of a model to it: its SBOM (CycloneDX 1.4 to 1.7, JSON) or its MDS2 form (2019, XLSX or CSV)")
  .argument("<file>")
  .option("--device <id>", "a device of that model, such as d12; it is attached to all of them")
  .addOption(recording())
  .addOption(who())
  .addOption(reason())
  .addHelpText(
    "after",
    "\nParts that an SBOM names are held against advisories, against what CISA knows to be exploited and against what the maker itself says of\nthem. The last one of a model counts. It is written into the chain of changes.\n\nExamples:\n  auscult attach pump-sbom.json --device d12 --reason 'from the maker, ticket 4711'\n  auscult changes --undo 7 --reason 'of another version'",
  )
  .action(async (file: string, options: object) => (await import("./commands/attach.ts")).attach(file, settings(options)));
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
    (await import("./commands/disclosure.ts")).disclosure(model, settings(options)),
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
  .action(async (file: string, options: object) => (await import("./commands/disclosure-add.ts")).addDisclosure(file, settings(options)));
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
  .action(async (model: string, options: object) => (await import("./commands/disclosure.ts")).disclosureLetter(model, settings(options)));
program
  .command("update")
  .description(
    "bring what Auscult knows up to date, from where it is published or from a folder: MAC prefixes, advisories, KEV, EPSS, ends of support",
  )
  .option("--from <folder>", "a folder with files as they are published, in any folders within")
  .option("--back", "go back to what served before, or to what Auscult brought along")
  .option("--preview", "take nothing: list which weaknesses and risks of a recording would be another")
  .addOption(new Option("--recording <name>", "with --preview: the recording (the latest unless said)"))
  .option("--json", "as JSON")
  .addHelpText(
    "after",
    `
This is the only command that asks the Internet for anything, and only when you give it.

What is taken, told by what stands in it:
  oui.csv, mam.csv and oui36.csv   the IEEE's MAC prefixes; used from the next start on
  advisories and VEX, CSAF 2.0     CISA's and makers', one file each, named as the standard says; index.txt beside them says they are all
  KEV, JSON or CSV                 what CISA knows to be exploited
  EPSS, CSV or .csv.gz             how likely FIRST holds it that something is exploited
  endoflife.date, JSON             /api/v1/products/full, or one object by product
The last four are used from the next question on. A file with FILE.sha512 or FILE.sha256 beside it must be what that says; signatures
(.asc) are not checked. What is cut short, has lost much, is older than what serves, of the future or broken is kept out and said, a line
each with its place; what is good is taken all the same, and what served before stays.

Exit codes: 0 all was taken or nothing was newer, 2 something of a folder was kept out, 3 something could not be fetched or was kept out,
5 this machine's clock stands before what Auscult brought along.

Examples:
  auscult update
  auscult update --from /media/usb/feeds --preview
  auscult update --from /media/usb/feeds`,
  )
  .action(async (options: object) => (await import("./commands/update.ts")).update(settings(options)));
program
  .command("doctor")
  .description("what holds on this machine: rights, confinement, mirrors, recordings, the chain of changes")
  .addOption(json())
  .action(async (options: object) => (await import("./commands/doctor.ts")).doctor(settings(options)));
program
  .command("protocols")
  .description("every protocol Auscult reads, and what it takes from it")
  .addOption(json())
  .action(async (options: object) => (await import("./commands/protocols.ts")).protocolsCommand(settings(options)));
program
  .command("limits")
  .description("the pharmacy's hard limits, which orders to pumps are compared with")
  .argument("[file]", "what the pharmacy exports: a table with titles")
  .option("--column <name=title...>", "which column holds drug, kind, most or unit, where its title says it otherwise")
  .option("--apply", "compare with these from the next start on")
  .addOption(json())
  .addHelpText(
    "after",
    "\nWithout --apply nothing is written: it is listed what was read, and which lines are refused. Drug codes stay the site's own.\n\nExamples:\n  auscult limits library.csv --column 'most=Hard limit (max)'\n  auscult limits library.csv --apply\n  auscult limits                                    those that serve",
  )
  .action(async (file: string | undefined, options: object) => (await import("./commands/limits.ts")).limits(file, settings(options)));
const families = program
  .command("families")
  .description("what each model is: the families Auscult knows, and those of the site's own")
  .addOption(json())
  .addHelpText(
    "after",
    "\nThe site's own stand in knowledge/families.tsv in the data directory (docs/families.md) and are used at the next start.\n\nExamples:\n  auscult families | grep -i dräger\n  auscult families check families.tsv   exit 2 where a line is refused",
  )
  .action(async (options: object) => (await import("./commands/families.ts")).families(settings(options)));
families
  .command("check")
  .description("read a file of families and say what is wrong with it, line by line")
  .argument("<file>")
  .addHelpText("after", "\nExample:\n  auscult families check families.tsv && cp families.tsv ~/.local/share/auscult/knowledge/")
  .action(async (file: string) => (await import("./commands/families.ts")).checkFamiliesFile(file));
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
  .addHelpText("after", "\nExample:\n  auscult account add anna.lind --role biomed")
  .action(async (name: string, options: object) => (await import("./commands/account.ts")).addAccount(name, settings(options)));
account
  .command("remove")
  .description("take an account away; whoever is signed in under it is out at once")
  .argument("<name>")
  .addHelpText("after", "\nExample:\n  auscult account remove anna.lind")
  .action(async (name: string, options: object) => (await import("./commands/account.ts")).removeAccount(name, settings(options)));
account
  .command("password")
  .description("set an account's password; whoever is signed in under the old one is out at once")
  .argument("<name>")
  .addHelpText("after", "\nExample:\n  auscult account password anna.lind")
  .action(async (name: string, options: object) => (await import("./commands/account.ts")).setPassword(name, settings(options)));
account
  .command("role")
  .description("give an account another role, from its next request on")
  .argument("<name>")
  .argument("<role>", ROLE_NAMES.join(", "))
  .addHelpText("after", "\nExample:\n  auscult account role anna.lind viewer")
  .action(async (name: string, role: string, options: object) =>
    (await import("./commands/account.ts")).setRole(name, role, settings(options)),
  );
account
  .command("list")
  .description("the accounts, with what each may do")
  .addOption(json())
  .action(async (options: object) => (await import("./commands/account.ts")).listAccounts(settings(options)));
account
  .command("log")
  .description("the audit log: sign-ins, refusals, changes of accounts, settings that matter")
  .addOption(new Option("--json", "one JSON object a line"))
  .action(async (options: object) => (await import("./commands/account.ts")).accountLog(settings(options)));
/** What every command gets: its own options and the program's. */
function settings(options: object): never {
  return { ...program.opts<object>(), ...options } as never;
}

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
    if (args.includes("export")) target.description = (await import("./exporting.ts")).EXPORTERS.join(", ");
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

function positive(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0)) throw new CommandError(`${option}: expected a number above zero, got "${text}"`);
    return value;
  };
}

function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) throw new CommandError(`${option}: expected a whole number, got "${text}"`);
    return value;
  };
}
