/** Where in the source something is that was made into one module: what a stack trace says of the one, said of the other. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OneModule } from "./one-module.ts";

/** Beside what was made of a module. */
export const placesOf = (made: string): string => `${made}.places.json`;

const AT_LINE = /[^\s()]*\/([\w.-]+\.mjs):(\d+)/g;

/** `made` is one of several that lie in one folder and call each other. They stand in `text` as they were opened, which may be elsewhere. */
export function inSource(made: string, text: string): string {
  return text.replace(AT_LINE, (there, file: string, at: string) => {
    const places = join(dirname(made), placesOf(file));
    // What runs for days may outlive the file it was started from.
    if (!existsSync(places)) return there;
    const [line, name] = (JSON.parse(readFileSync(places, "utf8")) as OneModule["places"]).findLast(([first]) => first <= Number(at)) ?? [];
    return line === undefined ? there : `src/${name}:${Number(at) - line + 1}`;
  });
}
