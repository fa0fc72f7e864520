/** What is lost when a device of a kind leaves the network: of what the profiles say it needs (`expected.tsv`), each with its source. */
import { expectedFlows } from "./expected.ts";
import { loadKinds } from "./kinds.ts";

export interface Loss {
  /** "doses are not charted; infuses on". */
  readonly words: string;
  readonly source: string;
}

/** Enough to decide on; what is of its own kind stands first. */
const LOSSES_MAX = 6;
/** What every medical device needs says little of this one, and stands last. */
const EVERYONE = "medical device";

/** Of kinds that were asked about: a fleet asks of each of its devices, and has a few dozen. */
const known = new Map<string, readonly Loss[]>();
const KNOWN_MAX = 1_000;

/** Empty where nothing is written of that kind: then it is not known, which is not that nothing is lost. */
export function lossesOf(kind: string | null): readonly Loss[] {
  if (kind === null) return [];
  const losses = known.get(kind) ?? readLosses(kind);
  // A person may call a kind anything.
  if (known.size < KNOWN_MAX) known.set(kind, losses);
  return losses;
}

function readLosses(kind: string): readonly Loss[] {
  const kinds = loadKinds();
  // As a person may have said it.
  const line = kinds.lineOf(kinds.called(kind) ?? kind);
  const place = (of: string | null) => (of === null ? -1 : line.indexOf(of));
  const rows = expectedFlows()
    .flatMap(({ client, server, without, source }) => {
      const at = place(client) >= 0 ? place(client) : place(server);
      return at < 0 ? [] : [{ words: without, source, at: client === EVERYONE ? line.length : at }];
    })
    .sort((a, b) => a.at - b.at);
  // One line for each thing that is lost, whoever of several it would be told to.
  const losses = new Map<string, Loss>();
  for (const { words, source } of rows) if (!losses.has(words)) losses.set(words, { words, source });
  const own = [...losses.values()];
  return rows.every(({ at }) => at === line.length) ? [] : own.slice(0, LOSSES_MAX);
}
