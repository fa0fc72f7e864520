/** The fail-over nobody has drilled: what was heard with one machine, as if another stood in its place. */
import type { HeardConversation, Replay } from "../model/replay.ts";
import { order } from "./cells.ts";

/** Only the conversations that would move; what both said to each other is gone, since one of them is. */
export function asIf(replay: Replay, instead: number, by: number): Replay {
  const moved = new Map<string, HeardConversation>();
  for (const it of replay.conversations) {
    if (it.client !== instead && it.server !== instead) continue;
    const [client, server] = [it.client, it.server].map((end) => (end === instead ? by : end)) as [number, number];
    if (client === server) continue;
    const { transport, port } = it;
    moved.set(`${client} ${server} ${transport} ${port}`, { ...it, client, server });
  }
  const conversations = [...moved.values()].sort(
    (a, b) => a.client - b.client || a.server - b.server || order(a.transport, b.transport) || a.port - b.port,
  );
  return { ...replay, conversations };
}
