/** Every watch there is: one file each, one line here. Their docs, the table of their twins and `auscult findings` take them from this list. */
import type { Watch } from "../model/finding.ts";
import { logInGuessing } from "./log-in-guessing.ts";
import { segmentStorm } from "./segment-storm.ts";

export { Watching } from "./watching.ts";

export const watches: readonly Watch[] = [segmentStorm, logInGuessing] as readonly Watch[];
