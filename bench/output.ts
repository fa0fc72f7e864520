/** What a program prints, however it ends: of a capture that is cut short it prints what it could read. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const BYTES_MAX = 256 << 20;
const SECONDS_MAX = 60;

export async function outputOf(program: string, options: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, options, { maxBuffer: BYTES_MAX, timeout: SECONDS_MAX * 1000 })).stdout;
  } catch (error) {
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    if (typeof code !== "number" || stdout === undefined)
      throw new Error(`${program} did not run to its end: ${String(code)}`, { cause: error });
    return stdout;
  }
}
