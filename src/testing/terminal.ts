/** The real program as a person sees it: at a terminal, which util-linux's `script` makes. What is typed is typed when it is asked for. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "..", "..", "bin", "auscult.mjs");

const WAITED_MS_MAX = 60_000;

export interface Typed {
  /** What must have been said; it is matched against what was said since the last was typed. */
  readonly after: RegExp;
  readonly text: string;
}

interface AtTerminal {
  readonly code: number | null;
  /** What was shown, without returns and colors. */
  readonly text: string;
}

/** `through`: what starts a program in a namespace. Killed with all it started by `signal`. */
export async function atTerminal(
  through: readonly string[],
  args: readonly string[],
  typed: readonly Typed[],
  { environment = {}, signal }: { readonly environment?: NodeJS.ProcessEnv; readonly signal?: AbortSignal } = {},
): Promise<AtTerminal> {
  const line = [process.execPath, "--disable-warning=ExperimentalWarning", MAIN, ...args].map(quoted).join(" ");
  const [command, ...rest] = [...through, "script", "-qefc", `exec ${line}`, "/dev/null"];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, NO_COLOR: "1", ...environment } });
  signal?.addEventListener("abort", () => child.kill("SIGKILL"));
  child.stdin.on("error", () => undefined);
  let shown = "";
  let since = "";
  const waiting = [...typed];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    since += text;
    while (waiting.length > 0 && waiting[0]!.after.test(since)) {
      since = "";
      child.stdin.write(`${waiting.shift()!.text}\n`);
    }
  });
  // Whoever waits for something else to be typed waits for ever.
  const late = setTimeout(() => child.kill("SIGKILL"), WAITED_MS_MAX);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(late);
  return { code, text: shown.replaceAll("\r", "") };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
