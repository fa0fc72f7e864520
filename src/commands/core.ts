/** `auscult core --broker …`: the pages and the recording of one site, filled by sensors elsewhere, until stopped. */
import { readSettings } from "../config.ts";
import { serversOf } from "../link/broker/connection.ts";
import { readCredentials } from "../link/broker/credentials.ts";
import { forPeople } from "./broker-errors.ts";
import { runSession, type RunOptions } from "./run-session.ts";
import { CommandError, Exit, say } from "./terminal.ts";

export interface CoreCommandOptions extends RunOptions {
  readonly broker: string;
  readonly site?: string;
  readonly credentials?: string;
  readonly replicas: number;
}

export async function core(options: CoreCommandOptions): Promise<void> {
  const { broker, replicas } = options;
  const credentials = options.credentials === undefined ? null : forPeople(() => readCredentials(options.credentials!, "core"));
  forPeople(() => serversOf(broker));
  const known = readSettings(options.data);
  const site = options.site ?? credentials?.site ?? known.site;
  if (credentials?.site !== undefined && credentials.site !== site)
    throw new CommandError(`--site: expected ${credentials.site}, whose core these credentials are of, got ${site}`);
  const settings = { ...known, site };
  await runSession(options, settings, {}, async (session, stopping) => {
    await session.follow({ broker, credentials, replicas });
    say(`The core of ${site} takes what its sensors send by ${broker}.`);
    try {
      await Promise.race([stopping.asked, session.followed()]);
    } catch (error) {
      throw new CommandError(`${broker}: ${(error as Error).message}`, Exit.configuration);
    }
    await session.stop();
  });
}
