/** Entries as the hardware counts them: a range of ports may cost several. */
import type { Platform } from "../knowledge/switches.ts";
import type { PortRange } from "../model/policy.ts";
import { portPrefixes, widthOf } from "./ternary.ts";

const PORTS = 65_536;

/** What lines of a list cost, one after the other. `side`: what tells apart two operations of the same range, such as its transport. */
export class Slots {
  readonly #platform: Platform;
  readonly #known = new Set<string>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Of one more line, which is then in the list. */
  add(side: string, ports: PortRange): number {
    const slots = this.of(side, ports);
    if (isRange(ports) && this.#known.size < this.#platform.rangesMax) this.#known.add(keyOf(side, ports));
    return slots;
  }

  /** Of one more line, were it added. */
  of(side: string, ports: PortRange): number {
    if (!isRange(ports)) return 1;
    return this.#known.has(keyOf(side, ports)) || this.#known.size < this.#platform.rangesMax ? 1 : portPrefixes(ports);
  }
}

/** Of one line by itself. */
export function slotsAlone({ rangesMax }: Platform, ports: PortRange): number {
  return rangesMax > 0 || !isRange(ports) ? 1 : portPrefixes(ports);
}

/** One port, and all of them, are no operation. */
function isRange(ports: PortRange): boolean {
  return widthOf(ports) > 1 && widthOf(ports) < PORTS;
}

function keyOf(side: string, { from, to }: PortRange): string {
  return `${side} ${from}-${to}`;
}
