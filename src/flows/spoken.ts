/** Protocols by the number a flow keeps of them. Some have a name and no parser: what was agreed on elsewhere. */
import type { Protocol } from "../model/protocol.ts";

/** The number of no protocol: not known, or not yet. */
export const UNKNOWN = 0;

export class Spoken {
  readonly #names: string[] = [""];
  readonly #protocols: (Protocol | undefined)[] = [undefined];
  readonly #numbers = new Map<string, number>([["", UNKNOWN]]);

  constructor(protocols: readonly Protocol[]) {
    for (const protocol of protocols) this.#add(protocol.name, protocol);
  }

  numberOf(name: string): number {
    return this.#numbers.get(name) ?? this.#add(name, undefined);
  }

  name(number: number): string {
    return this.#names[number]!;
  }

  /** Undefined where nobody reads it. */
  protocol(number: number): Protocol | undefined {
    return this.#protocols[number];
  }

  #add(name: string, protocol: Protocol | undefined): number {
    const number = this.#names.push(name) - 1;
    this.#protocols.push(protocol);
    this.#numbers.set(name, number);
    return number;
  }
}
