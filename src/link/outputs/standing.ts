/** How it goes with each output the settings name: what waits, what was sent, what was not taken. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../../config.ts";
import type { OutputStanding } from "../../model/output.ts";
import { Outbox } from "../../store/outbox.ts";
import { OUTBOX, outputsOf } from "./index.ts";

const NOTHING = { waiting: 0, since: null, sent: 0, lastSent: null, dead: 0, lastRefusal: null } as const;

/** Throws WrongSettings as `outputsOf` does. Nobody is asked anything. */
export function outputStandings(dataDirectory: string, settings: Settings): readonly OutputStanding[] {
  const outputs = outputsOf(dataDirectory, settings);
  const path = join(dataDirectory, OUTBOX);
  const outbox = outputs.length > 0 && existsSync(path) ? new Outbox(path) : null;
  try {
    return outputs.map((output) => {
      output.close();
      const { name, where, queue = name } = output;
      return { name, where, ...(outbox?.of(queue) ?? NOTHING) };
    });
  } finally {
    outbox?.close();
  }
}
