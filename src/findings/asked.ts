/** Which devices hazards reached, and how: what the do-not-scan list makes of them. The machine that asked is none of them. */
import type { AskedDevice } from "../model/do-not-scan.ts";
import { watches } from "./index.ts";
import { FindingList, type Found } from "./shown.ts";

/** Says who looks who is there, of a whole network or of one device. */
const SCANS: ReadonlySet<string> = new Set(["scan", "device-probed"]);
/** Tells how much one device was asked, and is shown where it may not bear that. */
const LOADS: ReadonlySet<string> = new Set(watches.filter(({ family, fragileOnly }) => family === "hazard" && fragileOnly === true).map(({ name }) => name)); // prettier-ignore
/** Whose findings tell of somebody asked: they are wanted however many others are later. */
export const ASKING: readonly string[] = [...new Set([...SCANS, ...LOADS])];
/** Verdicts by which a finding tells nothing of the device. */
const NOTHING: ReadonlySet<string> = new Set(["innocent", "duplicate", "test"]);
const ALL = { states: [], family: "hazard", offset: 0, limit: Number.MAX_SAFE_INTEGER } as const;

/** As findings are listed: the most severe first, then the latest. */
export function askedDevices(found: Found): readonly AskedDevice[] {
  const keys = new Map(found.stored.map(({ id, key }) => [id, key]));
  return new FindingList(found).page(ALL).rows.flatMap((finding): AskedDevice[] => {
    const { id, detector, title, summary, first, last, about, others, standing } = finding;
    const { state, said } = standing;
    if (state === "closed" && said?.word.what === "close" && NOTHING.has(said.word.verdict)) return [];
    const asker = keys.get(id)?.split(" ")[0]?.split("/")[1];
    const reached = SCANS.has(detector) ? [about, ...others] : LOADS.has(detector) ? [about] : [];
    return reached.flatMap((party) => {
      // Of a scan the one who asked stands first in its key; of a load the key is the device's own.
      if (party === null || party.device === null || (SCANS.has(detector) && (party.ip === asker || party.mac === asker))) return [];
      return [{ device: party.device, finding: id, title, summary, first, last, isScan: SCANS.has(detector), isLoad: LOADS.has(detector) }];
    });
  });
}
