/** What the kernel tells of running processes (proc(5)); Linux only. */
import { readdirSync, readFileSync } from "node:fs";

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

export function isRunning(pid: number): boolean {
  return /^State:\s+[^Z]/m.test(textOf(`/proc/${pid}/status`));
}

/** Its words with spaces between them; empty when it ended. */
export function commandLineOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trimEnd();
}

/** Bytes of memory it has, with what it shares; 0 when it ended. */
export function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Of a process that ended it is empty. */
export function textOf(path: string): string {
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
