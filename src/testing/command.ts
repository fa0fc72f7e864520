/** Runs the real program, whole, as a person would. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import { after } from "node:test";
import type { Readable, Writable } from "node:stream";

const MAIN = join(import.meta.dirname, "..", "..", "bin", "auscult.mjs");

/** A test that failed leaves nothing running behind. */
const left = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();
after(() => {
  for (const child of left) child.kill("SIGKILL");
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ran>;
  /** Resolves with what it said on stderr when that fits. */
  readonly said: (pattern: RegExp) => Promise<string>;
}

/** `main`: a copy of the program. */
interface Where {
  readonly main?: string;
  readonly cwd?: string;
  /** What starts it instead of us: `ip netns exec NAME`. */
  readonly through?: readonly string[];
}

/** Its stdin stays open until `child.stdin.end()`. */
export function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}, { main = MAIN, ...where }: Where = {}): Running {
  return startProgram([process.execPath, "--disable-warning=ExperimentalWarning", main, ...args], environment, where);
}

/** As above, any program: a packed Auscult brings what starts it. */
export function startProgram(
  line: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  { through = [], ...where }: Omit<Where, "main"> = {},
): Running {
  const [command, ...rest] = [...through, ...line];
  const child = spawn(command!, rest, {
    ...where,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  left.add(child);
  const output = { stdout: "", stderr: "" };
  const waiting: { readonly pattern: RegExp; readonly resolve: (text: string) => void }[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
    for (const it of waiting) if (it.pattern.test(output.stderr)) it.resolve(output.stderr);
  });
  child.stdin.on("error", () => undefined); // It may end before it has read everything.
  const ended = new Promise<Ran>((resolve) =>
    child.on("close", (code) => {
      left.delete(child);
      resolve({ code, ...output });
    }),
  );
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      if (pattern.test(output.stderr)) return resolve(output.stderr);
      waiting.push({ pattern, resolve });
      void ended.then(({ code, stderr }) => reject(new Error(`expected ${pattern} on stderr, it ended with ${code} and: ${stderr}`)));
    });
  return { child, ended, said };
}

export async function run(...args: readonly string[]): Promise<Ran> {
  const { child, ended } = start(args);
  child.stdin.end();
  return ended;
}
