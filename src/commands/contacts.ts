/** `auscult contacts`: whom to call by ward, kind, maker and hour; with a file, those instead of the ones before. */
import { readFileSync } from "node:fs";
import { checkContacts, contactsIn, keepContacts, type ReadContacts } from "../link/contacts.ts";
import { inWords } from "../link/refusals.ts";
import { CommandError, Exit, plural, print, say, table } from "./terminal.ts";

export interface ContactsOptions {
  readonly data: string;
  readonly json?: boolean;
}

export async function contacts(file: string | undefined, { data, json }: ContactsOptions): Promise<void> {
  if (file !== undefined) {
    const read = checked(checkContacts(textOf(file), file));
    if (read.length === 0) throw new CommandError(`${file}: expected at least one contact, got none: those before stay`);
    keepContacts(data, read);
    return say(`${plural(read.length, "contact")} kept, instead of those before. Findings name them from now on.`);
  }
  const known = checked(contactsIn(data));
  if (json) return print(`${JSON.stringify({ schema: "auscult.contacts/1", contacts: known })}\n`);
  if (known.length === 0)
    return say("No contacts yet: auscult contacts FILE takes a CSV with the columns ward, kind, maker, hours, who, call.");
  await print(
    table(
      [
        { title: "Ward", text: (it) => it.ward || "any" },
        { title: "Kind", text: (it) => it.kind || "any" },
        { title: "Maker", text: (it) => it.maker || "any", drop: 1 },
        { title: "Hours", text: (it) => it.hours || "always" },
        { title: "Who", text: (it) => it.who },
        { title: "Call", text: (it) => it.call },
      ],
      known,
    ),
  );
}

function checked({ contacts: read, troubles }: ReadContacts): ReadContacts["contacts"] {
  for (const trouble of troubles.slice(0, -1)) say(trouble);
  const last = troubles.at(-1);
  if (last !== undefined) throw new CommandError(last);
  return read;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`${file}: expected a CSV file, got ${inWords(error)}`, Exit.input);
  }
}
