/** Who of the watches hears what, so that news nobody hears costs nothing. */
import type { News, Party, Watch } from "../model/finding.ts";
import type { Attribute } from "../model/observation.ts";
import { isGroup } from "./groups.ts";
import type { SignalKind } from "../model/signal.ts";

export class Audience {
  readonly #bySignal = new Map<string, Watch[]>();
  readonly #byProtocol = new Map<string, Watch[]>();
  readonly #everyConversation: Watch[] = [];
  readonly #outward: Watch[] = [];
  readonly #byAttribute = new Map<string, Watch[]>();
  readonly #ofPrograms: Watch[] = [];

  constructor(watches: readonly Watch[]) {
    for (const watch of watches) {
      const { signals = [], notables = [], conversations = [], attributes = [], programs } = watch.hears;
      for (const kind of signals) add(this.#bySignal, kind, watch);
      for (const what of notables) add(this.#bySignal, `notable ${what}`, watch);
      if (conversations === "all") this.#everyConversation.push(watch);
      else if (conversations === "outward") this.#outward.push(watch);
      else for (const protocol of conversations) add(this.#byProtocol, protocol, watch);
      if (programs === true) this.#ofPrograms.push(watch);
      for (const attribute of attributes) add(this.#byAttribute, attribute, watch);
    }
  }

  hearsSignal(kind: SignalKind, what: string): boolean {
    return this.#bySignal.has(kind) || this.#bySignal.has(`${kind} ${what}`);
  }

  hearsConversation(protocol: string): boolean {
    return this.#everyConversation.length > 0 || this.#byProtocol.has(protocol);
  }

  get hearsOutward(): boolean {
    return this.#outward.length > 0;
  }

  get hearsPrograms(): boolean {
    return this.#ofPrograms.length > 0;
  }

  hearsAttribute(attribute: Attribute): boolean {
    return this.#byAttribute.has(attribute);
  }

  /** In the order of the list of watches as far as one way of hearing goes; each once. */
  of(news: News): readonly Watch[] {
    switch (news.news) {
      case "signal": {
        const byKind = this.#bySignal.get(news.kind) ?? NOBODY;
        const named = this.#bySignal.get(`${news.kind} ${news.what}`);
        return named === undefined ? byKind : [...new Set([...byKind, ...named])];
      }
      case "conversation":
        return [
          ...this.#everyConversation,
          ...(this.#byProtocol.get(news.protocol) ?? NOBODY),
          ...(isOutward(news.client, news.server) ? this.#outward : NOBODY),
        ];
      case "program":
        return this.#ofPrograms;
      case "observation":
        return this.#byAttribute.get(news.attribute) ?? NOBODY;
    }
  }
}

/** Groups lie outside of all networks, and nobody's machine is there. */
export function isOutward(client: Party, server: Party): boolean {
  return client.inside && !server.inside && server.ip !== null && !isGroup(server);
}

function add(map: Map<string, Watch[]>, key: string, watch: Watch): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [watch]);
  else known.push(watch);
}

const NOBODY: readonly Watch[] = [];
