/** A medical device's own database, open to its network. */
import type { Condition } from "../model/weakness.ts";
import { isMedical } from "./clinical.ts";
import { answering } from "./heard.ts";

export const databaseAnswers: Condition = {
  name: "database-answers",
  kind: "exposure",
  title: "A medical device's database answers",
  severity: "medium",
  harms: ["device", "patient"],
  remedy:
    "Ask the maker whether anything but the device itself uses its database, and have it listen to the device alone where nothing does.",
  control: "Let only the machines that use its database reach it.",
  cured: "Its database has not answered for 14 days",
  minutes: 30,
  source: "MITRE T1190; ICSMA advisories on databases of imaging and laboratory devices",
  misses: "Databases nobody asked while we listened; servers whose work a database is.",

  *examine(device) {
    if (!isMedical(device)) return;
    yield* answering(device, ({ protocol }) => protocol !== null && DATABASES.has(protocol));
  },
};

const DATABASES: ReadonlySet<string> = new Set(["tds", "tns", "mysql", "postgresql"]);
