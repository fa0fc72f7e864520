/** What tests ask of running processes beyond what the program asks (`link/processes.ts`); Linux only. */
import { setTimeout as sleep } from "node:timers/promises";
import { familyOf, textOf } from "../link/processes.ts";

export { childrenOf, commandLineOf, familyOf, isRunning } from "../link/processes.ts";

/** The sensor of a running Auscult: the innermost of its children, since unshare may stand before it. Undefined while there is none. */
export function sensorOf(pid: number): number | undefined {
  return familyOf(pid).slice(1).at(-1);
}

/** Bytes of memory of these processes, shared pages counted once. */
export function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024, 0);
}

/** Asks again and again until it is so. */
export async function until(what: string, isSo: () => boolean, seconds = 60): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`expected within ${seconds} s: ${what}`);
    await sleep(5);
  }
}
