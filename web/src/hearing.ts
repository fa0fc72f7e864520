/** What everything shown rests on, said alike in the top bar, in titles and wherever "now" is. */
import type { Now } from "./api.ts";
import { words } from "./words.ts";

/** Somebody hears just now: what was heard last was heard now. */
export function isHearing(now: Now | null): boolean {
  return now !== null && now.listening.length > 0 && now.hearing.kind !== "deaf";
}

/** What is done, in the top bar. */
export function hearingWords({ listening, hearing, reading }: Now): string {
  if (hearing.kind === "deaf") return `Deaf since ${words.clock(hearing.since ?? 0)}`;
  const doing =
    listening.length > 0
      ? `Listening on ${words.plural(listening.length, "interface")}`
      : reading === null
        ? "From a file"
        : "Reading a file";
  return hearing.kind === "halfRead" ? `${doing}, half-read` : hearing.kind === "oneSided" ? `${doing}, one side only` : doing;
}

/** What is missing, beside it: that nothing was lost is said only where all of it was heard. */
export function lostWords({ lost, hearing }: Now): string {
  if (lost.drops > 0) return `${words.percent(lost.drops / (lost.drops + lost.frames))} lost`;
  if (hearing.kind === "deaf") return "nothing is heard";
  return hearing.kind === "halfRead" || hearing.kind === "oneSided" ? "not all heard" : "nothing lost";
}
