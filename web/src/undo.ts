/** What people said can be taken back, by the message that reports it and by `u`: each time the last that nobody took back. */
import type { QueryClient } from "@tanstack/react-query";
import { saidInWords } from "../../src/model/one-machine.ts";
import { api } from "./api.ts";
import { say, undone } from "./say.tsx";

export async function undoLast(client: QueryClient): Promise<void> {
  const last = (await api.changes()).find((change) => !change.undone && change.what !== "undo");
  if (last === undefined) return say("There is no change to take back.");
  const finding = last.what === "finding" ? OF_FINDING.exec(last.value)?.[1] : undefined;
  // Who may judge findings may take that back, whatever else they may.
  await takenBack(client, finding === undefined ? api.undo(last.number) : api.undoFinding(finding));
  say(last.what === "take back" ? "What was said before stands again." : `Taken back: ${saidInWords(last)}.`);
}

/** As the list of changes has it: "finding 5f1d3a7790c2be14 is acknowledged". */
const OF_FINDING = /^finding ([0-9a-f]{16}) /;

export async function takeBack(client: QueryClient, change: number): Promise<void> {
  await takenBack(client, api.undo(change));
}

async function takenBack(client: QueryClient, taking: Promise<void>): Promise<void> {
  await taking;
  undone();
  await client.invalidateQueries();
}
