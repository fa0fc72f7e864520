/** What the kernel tells of running processes (proc(5)); Linux only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The processes it started, whichever thread did. */
export function childrenOf(pid: number): readonly number[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).flatMap((task) =>
    existsSync(`${tasks}/${task}/children`) ? readFileSync(`${tasks}/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number) : [],
  );
}

/** The process and all it started, and what those started. */
export function familyOf(pid: number): readonly number[] {
  return isRunning(pid) ? [pid, ...childrenOf(pid).flatMap(familyOf)] : [];
}

/** The sensor of a running Auscult: the innermost of its children, since unshare may stand before it. Undefined while there is none. */
export function sensorOf(pid: number): number | undefined {
  return familyOf(pid).slice(1).at(-1);
}

export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/task`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Bytes of memory of these processes, shared pages counted once. */
export function memoryOf(pids: readonly number[]): number {
  return pids.reduce(
    (sum, pid) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024,
    0,
  );
}

/** Asks again and again until it is so. */
export async function until(what: string, isSo: () => boolean, seconds = 60): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`expected within ${seconds} s: ${what}`);
    await sleep(5);
  }
}
