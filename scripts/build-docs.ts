/**
 * Writes the pages of `docs/` that are made from tables the program uses: settings, protocols, privacy, detectors, weaknesses.
 *
 *   npm run docs
 *
 * A test compares what is checked in with what this gives, so a page cannot say what the program does not do.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsPage } from "../src/config.ts";
import { conditions } from "../src/weaknesses/index.ts";
import type { Condition } from "../src/model/weakness.ts";
import { watches } from "../src/findings/index.ts";
import type { Watch } from "../src/model/finding.ts";
import { attributes } from "../src/model/observation.ts";
import type { Attribute } from "../src/model/observation.ts";
import type { Carrier, Protocol } from "../src/model/protocol.ts";
import { protocols } from "../src/protocols/index.ts";
import { BINDINGS_MAX, RETENTION, VALUES_MAX } from "../src/store/retention.ts";

export const DOCS = join(import.meta.dirname, "..", "docs");

/** By file name. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([
    ["settings.md", settingsPage()],
    ["protocols.md", protocolsPage()],
    ["privacy.md", privacyPage()],
    ["detectors.md", detectorsPage()],
    ["weaknesses.md", weaknessesPage()],
  ]);
}

function protocolsPage(): string {
  return page(
    "Protocols",
    "Made by `scripts/build-docs.ts` from `src/protocols/index.ts`. A port is only where a protocol is looked for first: what was said decides.",
    table(
      ["Protocol", "Name", "Looked for first on", "Setting", "Afterwards", "Quiet and still the same conversation"],
      protocols,
      (it) => [
        it.title,
        `\`${it.name}\``,
        it.over.map(carrier).join("; "),
        it.setting ?? "",
        it.encrypted === true ? "encrypted" : "",
        it.idleMinutes === undefined ? "`flowIdleMinutes`" : `${it.idleMinutes} minutes`,
      ],
    ),
    "## What can be observed",
    table(["Attribute", "Meaning", "Said by"], Object.entries(attributes), ([attribute, { doc }]) => [
      `\`${attribute}\``,
      doc,
      protocols
        .filter((it) => it.privacy?.keeps.includes(attribute as Attribute))
        .map(({ name }) => name)
        .join(", "),
    ]),
  );
}

function detectorsPage(): string {
  return page(
    "Detectors",
    "Made by `scripts/build-docs.ts` from `src/findings/index.ts` and the tests beside it. A detector sees something happen and tells it as one story, with the frames it rests on. Auscult is not a medical device and not an alarm: a detector that says nothing proves nothing.",
    table(["Detector", "Name", "Family", "Severity", "Harms", "ATT&CK"], watches, (it) => [
      it.title,
      `\`${it.name}\``,
      it.family,
      it.severity,
      it.harms.join(", "),
      it.technique.join(", "),
    ]),
    ...watches.flatMap((it) => {
      const { files, titles } = twinsOf(it);
      return [
        `## ${it.title}`,
        [
          `\`${it.name}\`, ${it.family}, ${it.severity} where what it hits does not raise it. It remembers at most ${it.subjectsMax.toLocaleString("en")} at once.`,
          `- **Sees**: ${it.sees}`,
          `- **Does not see**: ${it.misses}`,
          `- **What looks like it**: ${it.mistaken}`,
          `- **To make it fit**: ${it.tune}`,
          `- **What to do**: ${it.remedy}`,
          `- **Tried by** ${files.map((file) => `\`${file}\``).join(", ")}: ${titles.join("; ")}.`,
        ].join("\n"),
      ];
    }),
  );
}

/** Tests of a watch, in files that import it or name it: all of them, and those of what looks like it and is none. */
export function twinsOf({ name }: Pick<Watch, "name">): {
  readonly files: readonly string[];
  readonly titles: readonly string[];
  readonly silent: readonly string[];
} {
  const symbol = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const names = new RegExp(`\\b${symbol}\\b|["\`']${name}\\b`);
  const tests = ["findings", "proofs"]
    .flatMap((folder) => readdirSync(join(SOURCE, folder)).map((file) => `${folder}/${file}`))
    // That of the list names whatever is in it.
    .filter((file) => file.endsWith(".test.ts") && file !== "findings/index.test.ts")
    .toSorted()
    .map((file) => ({ file, text: readFileSync(join(SOURCE, file), "utf8") }))
    .filter(({ text }) => names.test(text));
  const all = tests.flatMap(({ file, text }) => {
    const blocks = text.split(/^(?= *test\()/m).slice(1);
    // Its own file is about it alone; so is any where one helper names it for all.
    const isOwn = file === `findings/${name}.test.ts` || !blocks.some((block) => names.test(block));
    return blocks.flatMap((block) => {
      const title = /^ *test\(\s*"((?:[^"\\]|\\.)*)"/.exec(block)?.[1]?.replaceAll('\\"', '"');
      return title === undefined ? [] : [{ title, isOwn: isOwn || names.test(block) }];
    });
  });
  return {
    files: tests.map(({ file }) => `src/${file}`),
    titles: all.filter(({ isOwn }) => isOwn).map(({ title }) => title),
    silent: all.map(({ title }) => title).filter((title) => SILENT.test(title)),
  };
}

function weaknessesPage(): string {
  return page(
    "Weaknesses",
    "Made by `scripts/build-docs.ts` from `src/weaknesses/index.ts` and the tests beside it. A weakness is how a device stands: it is asked again whenever something new was heard, and what no longer holds is gone. Nothing is ever sent to a device to find out: what nobody used while we listened is not known, and a device without a weakness here may have all of them.",
    table(["Weakness", "Name", "Kind", "Severity", "Harms", "Minutes"], conditions, (it) => [
      it.title,
      `\`${it.name}\``,
      it.kind,
      it.severity,
      it.harms.join(", "),
      String(it.minutes),
    ]),
    "Minutes are a technician's at the device, as a starting figure.",
    ...conditions.flatMap((it) => [
      `## ${it.title}`,
      [
        `\`${it.name}\`, ${it.kind}, ${it.severity} where what was heard does not make it more or less. Source: ${it.source}.`,
        `- **What to do**: ${it.remedy}`,
        ...(it.control === null ? [] : [`- **What the network can do**: ${it.control}`]),
        ...(it.cured === null ? [] : [`- **How traffic shows that it is done**: ${it.cured}.`]),
        `- **Does not see**: ${it.misses}`,
        `- **Tried by** \`src/weaknesses/${it.name}.test.ts\`: ${conditionTests(it).titles.join("; ")}.`,
      ].join("\n"),
    ]),
  );
}

/** Tests of a condition, in the file beside it: all of them, and those of what looks like it and is none. */
export function conditionTests({ name }: Pick<Condition, "name">): {
  readonly titles: readonly string[];
  readonly silent: readonly string[];
} {
  const text = readFileSync(join(SOURCE, "weaknesses", `${name}.test.ts`), "utf8");
  const titles = [...text.matchAll(/^test\(\s*"((?:[^"\\]|\\.)*)"/gm)].map((match) => match[1]!.replaceAll('\\"', '"'));
  return { titles, silent: titles.filter((title) => SILENT.test(title)) };
}

const SOURCE = join(import.meta.dirname, "..", "src");
/** "… is none", "by the record system it is not": how a title says that something stays silent. */
const SILENT = /\b(?:none|not|no|nor|nothing|never|nobody|silent|is as (?:large|usual)|may be)\b/;

function privacyPage(): string {
  const names = Object.entries(attributes).flatMap(([attribute, it]) => ("name" in it ? [`\`${attribute}\``] : []));
  return page(
    "Privacy",
    "Made by `scripts/build-docs.ts` from the tables the parsers use. Tests plant patients, staff and secrets in every protocol and search everything that is written for them.",
    "Auscult keeps what machines say of themselves. It reads each message once, in a process that can neither write nor send, and hands on only the attributes listed here. Of packets at most the headers are kept, and only of those that a finding rests on.",
    "## Clinical values",
    "What a pump is told (rate, volume, drug, weight, number of the order) ends in the sensor, in `src/doses/`. There it is compared with the pharmacy's hard limits, with what is usual of the same drug in the same kind of order, and with the order before; on go ratios of two digits, 1,000 at most, without drug, order or patient (`src/model/program.ts`). The core refuses a batch in which anything else stands in their place.",
    "A usual and a ratio to it would give the rate away. So what is usual is nowhere but in the sensor's memory: not in a batch, not in a recording, not in a file. The price is that a sensor that starts anew learns anew, from 20 accepted orders of each drug, and says meanwhile that it is learning; limits serve from the first order on.",
    "The limits are the hospital's own, in `knowledge/limits.csv` in the data directory, and in no recording and no backup of one. Whoever has both that file and a recording can work out, to two digits, how far beyond a limit a pump was told to go, if he also knows the drug.",
    "## Protocol by protocol",
    table(["Protocol", "Read", "Ends in the parser", "Kept"], protocols, ({ name, privacy }: Protocol) => [
      `\`${name}\``,
      privacy?.reads ?? "",
      privacy?.ends ?? "",
      (privacy?.keeps ?? []).map((attribute) => `\`${attribute}\``).join(" "),
    ]),
    "## Names",
    `A machine's name may be a person's. ${names.join(", ")} are kept only of machines that answer for a service or speak a clinical, building or network protocol. Of all others only the pattern (letters a, digits 9) and a keyed hash go on, which tells that two names are the same and not which.`,
    "## Secrets and patients",
    "`clearCredentials` and `patientData` say that a secret or a patient crossed in the clear, between whom and in which protocol. Neither says what it was.",
    "## How long",
    table(["What", "Where", "How long"], LIVES, (row) => row),
    "## Who sees it",
    "Without accounts the page answers on this machine only, to whoever holds the token that was printed at its start; with accounts, to whoever signs in, and beyond this machine only by TLS (`docs/accounts.md`). Every change is written with a name. The files belong to the user who runs Auscult. Findings are sent only where the settings say (`outputSyslog`, `outputWebhook`, `outputFile`, `outputMail`): what they say, names and addresses of devices, and nothing of patients; until they are taken they wait in `outbox.db`.",
  );
}

/** Lives of what is heard. */
const LIVES: readonly (readonly [what: string, where: string, how: string])[] = [
  ["Frames and messages", "the sensor's memory", "while they are read"],
  ["Names that wait for their machine to show what it is", "the sensor's memory", "until it does, or the sensor ends; at most 20,000"],
  [
    "Batches on their way to a core on another machine",
    "the sensor's spool",
    "until the core has them, or two days where that is longer; `--spool-max` bounds them",
  ],
  ...Object.values(RETENTION).map(({ what, days }): [string, string, string] => [
    what,
    "the recording",
    `${life(days)} since it was last heard`,
  ]),
  ["Days on which it was heard", "the recording", "single days for 64 days, weeks for 64 weeks"],
  [
    "Different values of one attribute of one address",
    "the recording",
    `the latest ${VALUES_MAX}; of what binds addresses, ${BINDINGS_MAX.toLocaleString("en")}`,
  ],
  ["What people said of a device", "the recording", "as long as the recording; each change with who, when and why"],
  ["All of it", "the recording", "the oldest goes first beyond `storeMegabytesMax`, in the order of this table, and coverage says where"],
  ["What people said of a finding", "the recording", "as long as the recording; each change with who, when and why"],
  ["Whom to call", "`contacts.csv`", "until others are imported"],
  ["Work that was announced, and who answers for it", "`planned.csv`", "until other work is imported"],
  ["Findings, devices and where inputs were read to", "the recording", "as long as the recording"],
  ["Policies, with each change, who made it and why", "`policies/`", "until the file is removed; its history as long as the folder"],
  ["Recalls that are worked off, with who ticked what", "`recalls/`", "as long as the file"],
  ["How many hours a week the team has, and who said so", "`team.json`", "until it is said anew"],
  ["Which reports were made, when and by whom, with the digest of their inputs", "`reports.json`", "the latest 20"],
  ["Searches that were given a name", "`views.json`", "until the name is removed"],
  [
    "Limits of the pharmacy, tolerances, families and feeds of the site",
    "`limits.csv`, `hazards.json`, `knowledge/`",
    "until others are imported",
  ],
  ["What the page was asked for and could not answer", "`page.log`", "the latest 10 MB, and as much before it"],
  [
    "Findings that were told to others",
    "`outbox.db`",
    "the latest 100,000: their ids, what was answered and, of mail, whose mailbox; what they say until they are taken",
  ],
  ["Accounts: name, role, a hash of the password", "`accounts.db`", "until the account is removed"],
  ["Who signed in, was refused, changed an account: name, time, address", "`accounts.db`", "as long as the file"],
];

function life(days: number): string {
  return days % 365 === 0 ? `${days / 365} ${days === 365 ? "year" : "years"}` : `${days} days`;
}

function carrier(it: Carrier): string {
  if ("tcp" in it) return `TCP ${it.tcp.join(" ")}`;
  if ("udp" in it) return `UDP ${ranges(it.udp)}`;
  if ("ethernet" in it) return `Ethernet 0x${it.ethernet.toString(16).padStart(4, "0")}`;
  if ("ip" in it) return `IP protocol ${it.ip}`;
  return `inside ${it.inside}`;
}

/** `47808 to 47823` for a run of more than two. */
function ranges(ports: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const port of ports) {
    const run = runs.at(-1);
    if (run !== undefined && port === run[1] + 1) run[1] = port;
    else runs.push([port, port]);
  }
  return runs
    .map(([first, last]) => (first === last ? `${first}` : last === first + 1 ? `${first} ${last}` : `${first} to ${last}`))
    .join(" ");
}

function page(title: string, ...parts: readonly string[]): string {
  return [`# ${title}`, ...parts].join("\n\n") + "\n";
}

function table<Row>(head: readonly string[], rows: readonly Row[], cells: (row: Row) => readonly string[]): string {
  const line = (texts: readonly string[]) => `| ${texts.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(cells(row)))].join("\n");
}

if (import.meta.main) for (const [file, text] of pages()) writeFileSync(join(DOCS, file), text);
