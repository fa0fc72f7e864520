/** What `npm start` does: the page, where one chooses what to listen to, or the captures and interfaces that were named. */
import { readSettings } from "../config.ts";
import { listen } from "./listen.ts";
import { open, type OpenOptions } from "./open.ts";
import { runSession } from "./run-session.ts";

export interface StartOptions extends OpenOptions {
  readonly listen?: readonly string[];
}

export async function start(files: readonly string[], { listen: interfaces, ...options }: StartOptions): Promise<void> {
  if (interfaces !== undefined) return listen(interfaces, options);
  if (files.length > 0) return open(files, options);
  // The sample hospital is one press away there, and is seen while it fills the table: begun here it would be read before a browser is open.
  await runSession(options, readSettings(options.data), {}, async (_, { asked }) => void (await asked));
}
