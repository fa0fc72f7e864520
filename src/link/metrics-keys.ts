/** Programs that may read how Auscult runs (`/metrics`): a file of names and keys, one of each a line. Its own right, and none beside it. */
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { WrongSettings } from "../config.ts";
import { inWords } from "./refusals.ts";

/** Fewer are guessed. */
const KEY_LENGTH_MIN = 24;
const LINE = /^([a-z0-9][a-z0-9._-]{0,31})\s+(\S+)$/;

/** Answers whose key it is; undefined where it is nobody's. */
export type MetricsKeys = (key: string) => string | undefined;

/** `path` is "" where nobody may. Throws WrongSettings where it cannot be read or says something else; of a key nothing is ever printed. */
export function metricsKeysIn(path: string): MetricsKeys {
  const keys = path === "" ? [] : linesOf(path).map(([line, number]) => keyIn(line, `metricsKeys: ${path}, line ${number}`));
  return (key) => {
    const given = digest(key);
    // Each is compared: by time nobody learns which came near.
    return keys.filter((it) => timingSafeEqual(it.digest, given)).at(0)?.name;
  };
}

function linesOf(path: string): readonly (readonly [line: string, number: number])[] {
  try {
    const lines = readFileSync(path, "utf8").split(/\r?\n/);
    return lines.map((line, index) => [line.trim(), index + 1] as const).filter(([line]) => line !== "" && !line.startsWith("#"));
  } catch (error) {
    throw new WrongSettings(`metricsKeys: expected a file that can be read, got ${inWords(error)}: ${path}`, { cause: error });
  }
}

function keyIn(line: string, place: string): { readonly name: string; readonly digest: Buffer } {
  const [, name, key] = LINE.exec(line) ?? [];
  if (name === undefined || key === undefined)
    throw new WrongSettings(`${place}: expected a name and a key, such as "prometheus KEY", got another line`);
  if (key.length < KEY_LENGTH_MIN)
    throw new WrongSettings(`${place}: expected a key of at least ${KEY_LENGTH_MIN} characters, got ${key.length}`);
  return { name, digest: digest(key) };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
