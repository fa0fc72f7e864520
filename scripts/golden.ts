/** `npm run golden`: writes beside each capture of `fixtures/` what is heard in it, and what exporters write. The diff is what one reviews. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exporters } from "../src/policies/exporters/index.ts";
import { heardIn } from "../src/testing/golden.ts";
import { expectedTexts } from "../src/testing/sample-wall.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");

const EXPORTS = join(import.meta.dirname, "..", "src/policies/exporters/expected");
mkdirSync(EXPORTS, { recursive: true });
for (const [file, text] of expectedTexts(exporters)) writeFileSync(join(EXPORTS, file), text);

const captures = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".pcap"));
for (const capture of captures.toSorted())
  writeFileSync(join(FIXTURES, capture.replace(/\.pcap$/, ".expected.txt")), await heardIn(join(FIXTURES, capture)));
process.stderr.write(`${captures.length} captures written anew\n`);
