/** Every watch there is: one file each, one line here. Their docs, the table of their twins and `auscult findings` take them from this list. */
import type { Watch } from "../model/finding.ts";
import { doseBeyond } from "./dose-beyond.ts";
import { logInGuessing } from "./log-in-guessing.ts";
import { pumpDiffers } from "./pump-differs.ts";
import { pumpStranger } from "./pump-stranger.ts";
import { pumpsInARow } from "./pumps-in-a-row.ts";
import { segmentStorm } from "./segment-storm.ts";

export { Watching } from "./watching.ts";

export const watches: readonly Watch[] = [
  segmentStorm,
  logInGuessing,
  doseBeyond,
  pumpStranger,
  pumpsInARow,
  pumpDiffers,
] as readonly Watch[];
