/** What a conversation is for, and whether anybody expects it: by the kinds of both ends, the service and the protocol. */
import type { ExpectedFlow } from "../knowledge/expected.ts";
import type { Kinds } from "../knowledge/kinds.ts";
import type { PolicyTransport, Service } from "../model/policy.ts";
import { offers } from "./evaluate.ts";
import { serviceIn } from "./service.ts";

export interface Asked {
  /** Null where not asserted. */
  readonly client: string | null;
  /** As above; OUTSIDE where it stands there. */
  readonly server: string | null;
  readonly transport: PolicyTransport;
  readonly port: number;
  readonly protocols: readonly string[];
}

export interface Expectation extends ExpectedFlow {
  /** Null where the profile leaves it to the site. */
  readonly parsed: Service | null;
}

export class Expectations {
  readonly kinds: Kinds;
  readonly all: readonly Expectation[];
  /** Kinds, services and protocols are few, conversations many. */
  readonly #found = new Map<string, Expectation | null>();

  constructor(flows: readonly ExpectedFlow[], kinds: Kinds) {
    this.kinds = kinds;
    this.all = flows.map((it) => ({ ...it, parsed: it.service === null ? null : serviceIn(it.service) }));
  }

  /** The first that names it; null where none does. */
  of(asked: Asked): Expectation | null {
    const key = [asked.client, asked.server, asked.transport, asked.port, ...asked.protocols].join("\0");
    let found = this.#found.get(key);
    if (found === undefined) this.#found.set(key, (found = this.all.find((it) => this.matches(it, asked)) ?? null));
    return found;
  }

  matches(it: Expectation, asked: Asked): boolean {
    return (
      this.isUnder(asked.client, it.client) &&
      (it.server === null || it.server === asked.server || this.isUnder(asked.server, it.server)) &&
      (it.parsed === null || offers(it.parsed, asked.transport, asked.port)) &&
      (it.protocol === null || asked.protocols.length === 0 || asked.protocols.includes(it.protocol))
    );
  }

  isUnder(kind: string | null, above: string): boolean {
    return kind !== null && this.kinds.lineOf(kind).includes(above);
  }
}
