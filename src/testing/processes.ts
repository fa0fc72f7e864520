/** What the kernel tells of running processes (proc(5)); Linux only. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The processes it started, whichever thread did. */
export function childrenOf(pid: number): readonly number[] {
  const tasks = `/proc/${pid}/task`;
  const started = (task: string) => textOf(`${tasks}/${task}/children`).split(" ").filter(Boolean).map(Number);
  return (whileThere(() => readdirSync(tasks)) ?? []).flatMap(started);
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
  return /^State:\s+[^Z]/m.test(textOf(`/proc/${pid}/status`));
}

/** Its words with spaces between them; empty when it ended. */
export function commandLineOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trimEnd();
}

/** Of a process that ended it is empty. */
function textOf(path: string): string {
  return whileThere(() => readFileSync(path, "utf8")) ?? "";
}

/** It may end between any two looks, and while it is looked at. */
function whileThere<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
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
