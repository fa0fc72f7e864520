/** What people said can be taken back, by the message that reports it and by `u`: each time the last that nobody took back. */
import type { QueryClient } from "@tanstack/react-query";
import { saidInWords } from "../../src/model/one-machine.ts";
import { api } from "./api.ts";
import { say, undone } from "./say.tsx";

export async function undoLast(client: QueryClient): Promise<void> {
  const last = (await api.changes()).find((change) => !change.undone && change.what !== "undo");
  if (last === undefined) return say("There is no change to take back.");
  await takeBack(client, last.number);
  say(last.what === "take back" ? "What was said before stands again." : `Taken back: ${saidInWords(last)}.`);
}

export async function takeBack(client: QueryClient, change: number): Promise<void> {
  await api.undo(change);
  undone();
  await client.invalidateQueries();
}
