/** Devices whose card would be another maker's by a newer registry of MAC prefixes, before it is taken. */
import { macWords } from "../bytes/address.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import { loadPrefixes, ourRegistry, type Prefixes } from "../knowledge/prefixes.ts";
import { registryFile, siteRegistry, type Registered } from "../knowledge/registry.ts";
import type { RecordingReader } from "../model/store.ts";

/** `from`, `to`: "" where the registry names nobody. */
export interface MakerChange {
  readonly device: string;
  readonly name: string;
  readonly mac: string;
  readonly from: string;
  readonly to: string;
}

const AT_ONCE = 1_000;

export async function makersPreviewed(reader: RecordingReader, registered: readonly Registered[]): Promise<readonly MakerChange[]> {
  const [now, then] = [siteRegistry() ?? ourRegistry(), registryFile(registered)].map(loadPrefixes) as [Prefixes, Prefixes];
  const changes: MakerChange[] = [];
  for (let offset = 0, total = 1; offset < total; offset += AT_ONCE) {
    const page = await reader.devices({ filter: "", sort: "id", descending: false, offset, limit: AT_ONCE });
    total = page.matching;
    for (const { id: device, name, macs } of page.rows) {
      for (const mac of macs) {
        const [from, to] = [makerBy(now, mac), makerBy(then, mac)];
        if (from !== to) changes.push({ device, name, mac, from, to });
      }
    }
  }
  return changes;
}

function makerBy(prefixes: Prefixes, mac: string): string {
  const [high, low] = macWords(mac) ?? [0, 0];
  const registrant = prefixes.registrant(high, low);
  return registrant === null ? "" : loadKnowledge().makers.called(registrant, "registry").name;
}
