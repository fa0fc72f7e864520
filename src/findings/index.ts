/** Every watch there is: one file each, one line here. Their docs, the table of their twins and `auscult findings` take them from this list. */
import type { Watch } from "../model/finding.ts";
import { doseBeyond } from "./dose-beyond.ts";
import { imagingBulk } from "./imaging-bulk.ts";
import { imagingStranger } from "./imaging-stranger.ts";
import { logInGuessing } from "./log-in-guessing.ts";
import { monitorsLost } from "./monitors-lost.ts";
import { programInImage } from "./program-in-image.ts";
import { pumpDiffers } from "./pump-differs.ts";
import { pumpStranger } from "./pump-stranger.ts";
import { pumpsInARow } from "./pumps-in-a-row.ts";
import { recordBurst } from "./record-burst.ts";
import { recordExport } from "./record-export.ts";
import { recordStranger } from "./record-stranger.ts";
import { segmentStorm } from "./segment-storm.ts";

export { Watching } from "./watching.ts";

export const watches: readonly Watch[] = [
  segmentStorm,
  logInGuessing,
  doseBeyond,
  pumpStranger,
  pumpsInARow,
  pumpDiffers,
  imagingStranger,
  imagingBulk,
  programInImage,
  recordStranger,
  recordBurst,
  recordExport,
  monitorsLost,
] as readonly Watch[];
