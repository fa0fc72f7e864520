/** What a capture says, as text a person can review: everything the sensor makes of it. `npm run golden` writes it beside the capture. */
import { closeSync, openSync } from "node:fs";
import { InputClock, readFrames } from "../capture/index.ts";
import { attempts, conversations, Ear, observations } from "./hear.ts";

/** Observations, conversations and attempts, each sorted: what is said does not depend on where a batch ended. */
export async function heardIn(file: string): Promise<string> {
  const ear = new Ear();
  const fd = openSync(file, "r");
  try {
    const sink = {
      frame: (bytes: Uint8Array, start: number, end: number, wireLength: number, at: number, linkType: number) =>
        ear.heard(bytes, start, end, wireLength, at, linkType),
      drops: () => undefined,
      tick: () => undefined,
      pause: () => undefined,
      progress: () => undefined,
    };
    const { trouble } = await readFrames(fd, sink, { live: false, clock: new InputClock() });
    if (trouble !== undefined) throw new Error(`${file}: ${trouble}`);
  } finally {
    closeSync(fd);
  }
  const batches = ear.end();
  if (ear.defects.length > 0) throw ear.defects[0];
  const malformed = batches.flatMap(({ frames }) => Object.entries(frames.malformed).map(([name, count]) => `malformed ${name} ×${count}`));
  const lines = [observations(batches), conversations(batches), attempts(batches), malformed].flatMap((part) => [...part.toSorted(), ""]);
  return `${lines.join("\n").trim()}\n`;
}
