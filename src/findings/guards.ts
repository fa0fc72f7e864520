/** What the guard over pumps' programming hears, from who is heard of: counts of what crossed, never what it said. */
import { counted } from "../bytes/thousands.ts";
import type { GuardState, GuardView } from "../model/guard.ts";

/** By what of their programming crosses: devices, and how often. */
export interface ProgrammingHeard {
  readonly pumps: number;
  readonly devices: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
  /** Machines that speak to the pumps, or to whoever speaks for them, in what only the two can read. */
  readonly encrypted: number;
}

/** Of all pumps; or of the one, where `one` says so. */
export function guardOf(of: ProgrammingHeard, one = false): GuardView {
  const guard = guardOfAll(of);
  return one ? { ...guard, says: saysOfOne(guard) } : guard;
}

function guardOfAll({ pumps, devices, times, encrypted }: ProgrammingHeard): GuardView {
  const [heard, answered, compared] = [devices["orders"] ?? 0, devices["answers"] ?? 0, devices["compared"] ?? 0];
  const state: GuardState = heard === 0 ? "blind" : answered === 0 ? "half-blind" : compared === 0 ? "learning" : "hearing";
  const of = (count: number) => `${count} of ${pumps} ${pumps === 1 ? "pump" : "pumps"}`;
  const blind =
    encrypted === 0
      ? "a mirror at the pump server would open it, where orders are not encrypted"
      : `what ${encrypted === 1 ? "a machine says" : `${encrypted} machines say`} to them or to their gateway is encrypted, and where that is their orders no mirror opens it`;
  const says = {
    blind: `programming heard for ${of(0)}: this guard is blind here; ${blind}`,
    "half-blind": `orders heard for ${of(heard)}, and an answer to none: this guard is half-blind here, and learns no usual; a mirror that hears both directions would open it`,
    learning: `programming heard for ${of(heard)}: this guard is learning; limits of the pharmacy would serve at once (auscult limits)`,
    hearing: `programming heard for ${of(heard)}, and compared for ${of(compared)}`,
  }[state];
  const [uncompared, cannotTell] = [times["not comparable"] ?? 0, times["cannot tell"] ?? 0];
  return {
    name: "programming",
    title: "Programming of pumps",
    care: "therapy",
    isUrgent: true,
    state,
    devices: pumps,
    heard,
    answered,
    compared,
    uncompared,
    cannotTell,
    encrypted: state === "blind" ? encrypted : 0,
    unnoticed: `of ${counted(pumps, "pump")}, a wrong order would not be noticed`,
    cure:
      encrypted === 0 || state !== "blind"
        ? "Ask the network team for a mirror at the pump server, both directions"
        : "Ask whoever runs the pump server whether its orders can be had where they are not encrypted, such as behind its TLS",
    says: [says, ...beside(uncompared, cannotTell)].join("; "),
  };
}

function saysOfOne({ state, encrypted, uncompared, cannotTell }: GuardView): string {
  const blind =
    encrypted === 0
      ? "a mirror at the pump server would open it, where orders are not encrypted"
      : "what is said to it or to its gateway is encrypted, and where that is its orders no mirror opens it";
  const says = {
    blind: `no order to this pump is heard, and a wrong one would not be noticed; ${blind}`,
    "half-blind":
      "orders to this pump are heard, and an answer to none: no usual is learned of it; a mirror that hears both directions would open it",
    learning: "orders to this pump are heard, and there is nothing to compare them with yet; limits of the pharmacy would serve at once",
    hearing: "orders to this pump are heard and compared",
  }[state];
  return [says, ...beside(uncompared, cannotTell)].join("; ");
}

function beside(uncompared: number, cannotTell: number): readonly string[] {
  return [
    ...(uncompared === 0 ? [] : [`not comparable: ${uncompared} ${uncompared === 1 ? "order" : "orders"}`]),
    ...(cannotTell === 0 ? [] : [`in ${cannotTell} ${cannotTell === 1 ? "order" : "orders"} ten times the rate would not stand out`]),
  ];
}
