/** What people said can be taken back, by the message that reports it and by `u`: each time the last that nobody took back. */
import type { QueryClient } from "@tanstack/react-query";
import { saidInWords } from "../../src/model/one-machine.ts";
import type { ChangeRow } from "../../src/model/store.ts";
import { api, Refused } from "./api.ts";
import { say, undone } from "./say.tsx";

export async function undoLast(client: QueryClient): Promise<void> {
  const last = (await api.changes()).find((change) => !change.undone && change.what !== "undo");
  if (last === undefined) return say("There is no change to take back.");
  await takenBack(client, takingBack(last));
  say(last.what === "take back" ? "What was said before stands again." : `Taken back: ${saidInWords(last)}.`);
}

/** Who may judge findings and weaknesses, and say what is not to be scanned, may take that back, whatever else they may. */
async function takingBack({ what, value, number }: ChangeRow): Promise<void> {
  const finding = what === "finding" ? OF_FINDING.exec(value)?.[1] : undefined;
  if (finding !== undefined) return api.undoFinding(finding);
  if (what === "scanning") {
    const { rows } = await api.doNotScan({ states: [], offset: 0, limit: LINES_MAX });
    const line = rows.find(({ word }) => word?.change === number);
    return line === undefined ? api.undo(number) : api.undoScanning(line.about);
  }
  const weakness = what === "weakness" ? OF_WEAKNESS.exec(value)?.[1] : undefined;
  const device = weakness === undefined ? undefined : await deviceSaidOf(weakness, number);
  return weakness === undefined || device === undefined ? api.undo(number) : api.undoWeakness(weakness, device);
}

/** A device the word stands at; undefined where none has the weakness any more. */
async function deviceSaidOf(weakness: string, change: number): Promise<string | undefined> {
  try {
    const { devices } = await api.weakness(weakness, 0, DEVICES_MAX);
    return devices.find((it) => it.weakness.word?.change === change)?.id;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}
const DEVICES_MAX = 1_000;
const LINES_MAX = 1_000;

/** As the list of changes has it: "finding 5f1d3a7790c2be14 is acknowledged". */
const OF_FINDING = /^finding ([0-9a-f]{16}) /;
/** "telnet-answers is dismissed". */
const OF_WEAKNESS = /^(.+) is (?:confirmed|dismissed)$/;

export async function takeBack(client: QueryClient, change: number): Promise<void> {
  await takenBack(client, api.undo(change));
}

async function takenBack(client: QueryClient, taking: Promise<void>): Promise<void> {
  await taking;
  undone();
  await client.invalidateQueries();
}
