/** The care class in words; what keeps someone alive carries the double bar of the chart's binding. */
import type { DeviceSummary } from "../../../src/model/device.ts";
import { words } from "../words.ts";
import { valueOf } from "./sure.tsx";

type Cared = Pick<DeviceSummary, "kind" | "lifeCritical">;

export function CareWords({ device }: { readonly device: Cared }) {
  return (
    <span className="care-words">
      {device.lifeCritical === "life-supporting" && <Binding />}
      {careName(device)}
    </span>
  );
}

/** Where a row has one line, the bar stands before the name. */
export function CareBar({ device }: { readonly device: Cared }) {
  if (device.lifeCritical !== "life-supporting") return null;
  return (
    <span className="dense-care care-words">
      <Binding />
      <span className="unseen">{careName(device)}</span>
    </span>
  );
}

export function CareChip({ device }: { readonly device: Cared }) {
  return (
    <span className={device.lifeCritical === "life-supporting" ? "chip care-first" : "chip"}>
      {device.lifeCritical === "life-supporting" && <Binding />}
      {careName(device)}
    </span>
  );
}

/** Before a word that says the class itself. */
export function CareMark({ care }: { readonly care: DeviceSummary["lifeCritical"] }) {
  return care === "life-supporting" ? <Binding /> : null;
}

/** It follows from what the device is: of one that is not known, "other" would say more than we know. */
function careName({ kind, lifeCritical }: Cared): string {
  return lifeCritical === "other" && valueOf(kind) === null ? "Care class not known" : words.capital(lifeCritical);
}

function Binding() {
  return (
    <svg className="icon" width="8" height="12" viewBox="0 0 8 12" aria-hidden="true">
      <rect x="0.5" width="2.2" height="12" fill="currentColor" />
      <rect x="5" width="2.2" height="12" fill="currentColor" />
    </svg>
  );
}
