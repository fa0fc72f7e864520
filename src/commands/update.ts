/** `auscult update`: a newer registry of MAC prefixes, from the IEEE or from a folder; the one before is kept, and `--back` goes back to it. */
import type { Registered } from "../knowledge/registry.ts";
import { publishedAt, publishedIn, PUBLISHED } from "../link/published-registry.ts";
import { formerRegistry, installRegistry } from "../link/site-registry.ts";
import { CommandError, Exit, plural, say } from "./terminal.ts";

const IEEE = "https://standards-oui.ieee.org/";

export interface UpdateOptions {
  readonly data: string;
  /** A folder with the files as the IEEE publishes them. */
  readonly from?: string;
  readonly back?: boolean;
}

export async function update({ data, from, back }: UpdateOptions, publisher = IEEE): Promise<void> {
  if (back) {
    if (from !== undefined) throw new CommandError("expected --from or --back, got both");
    const which = inOneLine(() => formerRegistry(data));
    return say(`The registry of MAC prefixes is ${which} again, from the next start on.`);
  }
  const registered = from === undefined ? await published(publisher) : inOneLine(() => publishedIn(from));
  const { prefixes, added, renamed, gone } = inOneLine(() => installRegistry(data, registered));
  say(
    `${plural(prefixes, "MAC prefix", "MAC prefixes")} of the IEEE, used from the next start on: ${added} new, ${renamed} with another name, ${gone} gone. auscult update --back goes back.`,
  );
}

async function published(publisher: string): Promise<readonly Registered[]> {
  try {
    return await publishedAt(publisher);
  } catch (error) {
    throw new CommandError(
      `${(error as Error).message}\nWhere there is no way to it, bring ${PUBLISHED.join(", ")} from there in a folder: auscult update --from FOLDER`,
      Exit.input,
    );
  }
}

/** What is wrong with what a person brought is said in one line. */
function inOneLine<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
