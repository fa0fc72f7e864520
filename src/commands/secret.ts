/** A secret as a person or a program hands it over: typed without echo, or the first line of standard input; never an argument, which others on this machine can read. */
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { Writable } from "node:stream";
import { CommandError, Exit } from "./terminal.ts";

/** Asked twice at a terminal, since nobody sees what is typed. */
export async function newSecret(what: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const typed = await typedUnseen(`${what}: `);
  if (typed === (await typedUnseen(`${what}, once more: `))) return typed;
  throw new CommandError("expected the same password twice, got two different ones");
}

/** One that is known already is asked for once. */
export async function secretOf(what: string): Promise<string> {
  return process.stdin.isTTY ? typedUnseen(`${what}: `) : firstLine();
}

async function firstLine(): Promise<string> {
  const [line = ""] = (await text(process.stdin)).split(/\r?\n/, 1);
  if (line === "") throw new CommandError("expected a password in the first line of standard input, got none");
  return line;
}

function typedUnseen(question: string): Promise<string> {
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true, historySize: 0 });
  // Asked only when nothing that is typed shows any more.
  process.stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    lines.once("SIGINT", () => reject(new CommandError("stopped; nothing was changed", Exit.interrupted)));
    lines.once("close", () => reject(new CommandError("expected a password, got the end of what is typed")));
  }).finally(() => {
    lines.close();
    process.stderr.write("\n");
  });
}
