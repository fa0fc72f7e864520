/** How people end a command: Ctrl-C once ends it in order, twice at once. */
import { Exit } from "./terminal.ts";

/** A terminal tells every process of its group, and npm and the launcher pass it on once more: so close together it is one key press. */
const SAME_PRESS_MS = 500;
const CODES = { SIGINT: Exit.interrupted, SIGTERM: Exit.terminated, SIGHUP: Exit.hungUp } as const;

export interface Stopping {
  /** Resolves at the first signal, with the exit code of a command it cut short. */
  readonly asked: Promise<number>;
  /** That exit code; undefined while nobody asked. */
  code(): number | undefined;
}

/** From here on signals no longer end the process by themselves. */
export function listenForStop(): Stopping {
  const { promise, resolve } = Promise.withResolvers<number>();
  let code: number | undefined;
  let at = 0;
  for (const [signal, own] of Object.entries(CODES)) {
    process.on(signal, () => {
      if (code !== undefined && performance.now() - at > SAME_PRESS_MS) process.exit(own);
      if (code !== undefined) return;
      code = own;
      at = performance.now();
      resolve(own);
    });
  }
  return { asked: promise, code: () => code };
}
