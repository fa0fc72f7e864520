/** How sure we are, as the stethoscope's bell: filled as far as we are sure. The word stands beside it; color repeats, never tells. */
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../../../src/model/device.ts";
import type { Stated } from "../../../src/model/device.ts";
import { words } from "../words.ts";

export type Sure = "known" | "probably" | "unknown" | "disagree" | "said";

export function sureOf(stated: Stated | null): Sure {
  if (stated === null) return "unknown";
  if (stated.saidBy !== undefined) return "said";
  if (stated.lead < LEAD_PROBABLY) return "unknown";
  if (stated.against !== undefined) return "disagree";
  return stated.lead >= LEAD_ASSERTED ? "known" : "probably";
}

/** What we say of it: the value where it is at least probable. A value below that is not said at all. */
export function valueOf(stated: Stated | null): string | null {
  return stated === null || (stated.saidBy === undefined && stated.lead < LEAD_PROBABLY) ? null : stated.value;
}

/** The confidence ends at 99 %, the lead goes on: a thousand to one is said to be more. */
const LEAD_THOUSAND = 30;
export function shareOf({ lead, confidence }: Stated): string {
  return lead >= LEAD_THOUSAND ? "over 99.9 %" : words.percent(confidence);
}

function sureWords(stated: Stated | null): string {
  const share = stated === null ? "" : ` ${shareOf(stated)}`;
  switch (sureOf(stated)) {
    case "known":
      return `Known${share}`;
    case "probably":
      return `Probably${share}`;
    case "disagree":
      return `Sources disagree${share}`;
    case "said":
      return `Said by ${stated?.saidBy ?? ""}`;
    case "unknown":
      return "Not known";
  }
}

export function SureMark({ sure }: { readonly sure: Sure }) {
  const color = sure === "said" ? "var(--gentian)" : sure === "disagree" ? "var(--honey)" : "var(--ink2)";
  return (
    <svg className="icon" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke={color} strokeWidth="1.6">
      {sure === "disagree" ? (
        <>
          <circle cx="5.6" cy="8" r="4.4" />
          <circle cx="10.4" cy="8" r="4.4" />
        </>
      ) : (
        <circle cx="8" cy="8" r="6.6" strokeDasharray={sure === "unknown" ? "2.6 2.6" : undefined} />
      )}
      {sure === "known" && <circle cx="8" cy="8" r="3.8" fill={color} stroke="none" />}
      {sure === "probably" && <path d="M8 4.2a3.8 3.8 0 0 0 0 7.6z" fill={color} stroke="none" />}
      {sure === "said" && <path d="M5.4 10.6l.5-2 4-4 1.5 1.5-4 4z" fill={color} stroke="none" />}
    </svg>
  );
}

export function Sureness({ stated }: { readonly stated: Stated | null }) {
  return (
    <span className="sureness">
      <SureMark sure={sureOf(stated)} />
      {sureWords(stated)}
    </span>
  );
}
