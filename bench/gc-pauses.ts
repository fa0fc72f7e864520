/** Loaded before a program that is measured: tells at its end, for each of its threads, the longest pause of the garbage collector. */
import { writeSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

let longest = 0;
let all = 0;
const count = (entries: readonly { readonly duration: number }[]) => {
  for (const { duration } of entries) {
    longest = Math.max(longest, duration);
    all += duration;
  }
};
const observer = new PerformanceObserver((list) => count(list.getEntries()));
observer.observe({ entryTypes: ["gc"] });

process.on("exit", () => {
  count(observer.takeRecords());
  const about = { thread: isMainThread ? "main" : "worker", longestMs: longest, allMs: all, lifeMs: performance.now() };
  writeSync(2, `auscult-gc ${JSON.stringify(about)}\n`);
});
