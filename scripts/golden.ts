/** `npm run golden`: writes beside each capture of `fixtures/` what is heard in it. The diff is what one reviews. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { heardIn } from "../src/testing/golden.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");

const captures = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".pcap"));
for (const capture of captures.toSorted())
  writeFileSync(join(FIXTURES, capture.replace(/\.pcap$/, ".expected.txt")), await heardIn(join(FIXTURES, capture)));
process.stderr.write(`${captures.length} captures written anew\n`);
