/** `auscult core --broker …`: the pages and the recording of one site, filled by sensors elsewhere, until stopped. */
import { statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { readSettings } from "../config.ts";
import { serversOf } from "../link/broker/connection.ts";
import { readCredentials } from "../link/broker/credentials.ts";
import { WriterLost } from "../link/broker/following.ts";
import { WriterAway, WriterBusy } from "../link/recording.ts";
import { forPeople } from "./broker-errors.ts";
import { runSession, type RunOptions } from "./run-session.ts";
import type { Stopping } from "./stopping.ts";
import { CommandError, Exit, say } from "./terminal.ts";

/** Who stands behind another core looks so often whether that one is still there. */
const LOOK_AGAIN_MS = 2_000;

export interface CoreCommandOptions extends RunOptions {
  readonly broker: string;
  readonly site?: string;
  /** More than one, of which this core takes its share. */
  readonly sites?: readonly string[];
  readonly credentials?: string;
  readonly replicas: number;
}

export async function core(options: CoreCommandOptions): Promise<void> {
  const { broker, replicas } = options;
  if (options.sites !== undefined || isFolder(options.credentials)) return (await import("./core-of-sites.ts")).coreOfSites(options);
  const credentials = options.credentials === undefined ? null : forPeople(() => readCredentials(options.credentials!, "core"));
  forPeople(() => serversOf(broker));
  const known = readSettings(options.data);
  const site = options.site ?? credentials?.site ?? known.site;
  if (credentials?.site !== undefined && credentials.site !== site)
    throw new CommandError(`--site: expected ${credentials.site}, whose core these credentials are of, got ${site}`);
  const settings = { ...known, site };
  await runSession(options, settings, {}, async (session, stopping) => {
    const follow = () => session.follow({ broker, credentials, replicas });
    while (await (options.database === undefined ? follow().then(() => true) : inItsTurn(follow, site, stopping))) {
      say(`The core of ${site} takes what its sensors send by ${broker}.`);
      try {
        await Promise.race([stopping.asked, session.followed()]);
        break;
      } catch (error) {
        if (!(error instanceof WriterLost)) throw new CommandError(`${broker}: ${(error as Error).message}`, Exit.configuration);
        if (options.database === undefined) throw error;
        say(error.message);
      }
    }
    await session.stop();
  });
}

function isFolder(path: string | undefined): boolean {
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A site in a database may have several cores: one has it, the others wait for its end. False: told to end before that. */
async function inItsTurn(follow: () => Promise<void>, site: string, stopping: Stopping): Promise<boolean> {
  let told = "";
  while (stopping.code() === undefined) {
    try {
      await follow();
      return true;
    } catch (error) {
      if (!(error instanceof WriterBusy || error instanceof WriterAway)) throw error;
      const words =
        error instanceof WriterBusy
          ? `Another core has ${site}. This one takes its place when it ends.`
          : `${error.message}. It is tried again until it answers.`;
      if (words !== told) say((told = words));
      await Promise.race([setTimeout(LOOK_AGAIN_MS), stopping.asked]);
    }
  }
  return false;
}
