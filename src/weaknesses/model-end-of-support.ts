/** A model that its maker supports no more, as the site wrote it down: no part, no patch and no answer comes from then on. */
import { feedDays, perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import { loadModelSupports, MODELS_SOURCE, type ModelSupports } from "../knowledge/model-support.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { asOf } from "./system-end-of-support.ts";

export const modelEndOfSupport: Condition = {
  name: "model-end-of-support",
  kind: "end of support",
  title: "Its maker supports the model no more",
  severity: "medium",
  harms: ["device"],
  remedy:
    "Plan its replacement, and ask the maker in writing what it still mends for this model. Until then keep it at its work: an old device that works is no reason to take it from a patient.",
  control: "Let only those it works with reach it, as a policy for its group does.",
  cured: null,
  minutes: 60,
  source: MODELS_SOURCE,
  misses: "Models that the site's own table does not name (auscult update --from a folder with it): makers publish no list of these days.",

  examine: (device) => endedBy(device, ours(), asOf(device, tableDay())),
};
const ours = perEdition(() => loadModelSupports(loadKnowledge().makers));
const tableDay = perEdition(() => feedDays()[MODELS_SOURCE] ?? "1970-01-01");

/** `day`: YYYY-MM-DD. */
export function* endedBy(device: FleetDevice, supports: ModelSupports, day: string): Generator<Examined> {
  const { maker, model, last } = device;
  const known = supportOf(device, supports);
  if (known === null || known.ends >= day) return;
  const isSure = Math.min(model!.lead, maker!.lead) >= LEAD_ASSERTED;
  const where = known.source === "" ? MODELS_SOURCE : `${MODELS_SOURCE}: ${known.source}`;
  yield {
    title: `${known.maker} supports the ${known.model} no more`,
    answer: isSure ? "affected" : "possible",
    because: [
      {
        at: last,
        text: `It is ${isSure ? "" : "probably "}${model!.value} of ${known.maker}, which it supported until ${known.ends} (${where})`,
      },
    ],
    source: where,
  };
}

/** Of its model, whether it has ended or not; null where nobody wrote it down, or nobody knows the model. */
export function supportOf({ maker, model }: Pick<FleetDevice, "maker" | "model">, supports: ModelSupports) {
  if (maker === null || model === null || Math.min(maker.lead, model.lead) < LEAD_PROBABLY) return null;
  return supports.of(maker.value, model.value);
}
