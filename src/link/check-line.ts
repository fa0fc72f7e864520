/** What a sensor says beside batches is believed no more than they are: it is counted with, and shown on terminals and pages. */
import { clean } from "../bytes/text.ts";
import type { SensorLine } from "../model/batch.ts";

/** Long enough for a file's name and for what was expected and what came. */
const TEXT_LENGTH_MAX = 1_000;

/** The line with nothing in it that was not asked for, or null when it is none. */
export function checkLine(value: object): SensorLine | null {
  const { say, pid, input, name, bytesRead, frames, trouble } = value as Readonly<Record<string, unknown>>;
  switch (say) {
    case "ready":
      return isCount(pid) ? { say, pid } : null;
    case "progress":
      return isText(input) && isCount(bytesRead) && isCount(frames) ? { say, input, bytesRead, frames } : null;
    case "part": {
      if (!isText(input) || !isText(name) || !isCount(frames)) return null;
      if (trouble === undefined) return { say, input, name, frames };
      return isText(trouble) ? { say, input, name, frames, trouble: clean(trouble) } : null;
    }
    case "done":
      return { say };
    default:
      return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= TEXT_LENGTH_MAX;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
