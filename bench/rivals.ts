/** What p0f and ndpiReader state of the same captures: opinions beside ours, never truth. */
import { spawnSync } from "node:child_process";
import { outputOf } from "./output.ts";
import type { Statement } from "./tshark.ts";
import { systemIn } from "./truth.ts";

export interface Rival {
  readonly name: string;
  readonly line: (file: string) => readonly [program: string, ...options: readonly string[]];
  readonly read: (output: string) => Iterable<Statement>;
}

const RIVALS: readonly Rival[] = [
  { name: "p0f", line: (file) => ["p0f", "-r", file], read: p0f },
  { name: "ndpiReader", line: (file) => ["ndpiReader", "-v", "2", "-i", file], read: ndpiReader },
];

export function rivalsHere(): readonly Rival[] {
  return RIVALS.filter(({ name }) => spawnSync("which", [name]).status === 0);
}

export async function statedBy({ line, read }: Rival, file: string): Promise<readonly Statement[]> {
  const [program, ...options] = line(file);
  const all = [...read(await outputOf(program, options))];
  return [...new Map(all.map((it) => [`${it.about} ${it.attribute} ${it.text}`, it])).values()];
}

/** Blocks of "| server   = 10.0.0.1/80" and "| os       = Linux 3.x"; "???" is that it does not know. */
export function* p0f(output: string): Iterable<Statement> {
  for (const block of output.split("`----")) {
    const about = /^\| (?:client|server) += (\S+)\/\d+$/m.exec(block)?.[1];
    const os = systemIn(/^\| os += (?!\?\?\?)(.+)$/m.exec(block)?.[1]?.replace("MacOS X", "Darwin") ?? "");
    if (about !== undefined && os !== "") yield { about, attribute: "os", text: os, field: "p0f" };
    const app = /^\| server [\s\S]*^\| app += (?!\?\?\?)(.+)$/m.exec(block)?.[1];
    // "Apache 2.x" says the program, and of its version next to nothing.
    if (about !== undefined && app !== undefined) yield { about, attribute: "software", text: app.replace(/ [\d.]+x$/, ""), field: "p0f" };
  }
}

/** Protocols in which what it takes for the host's name is the client's own. */
const OWN_NAME = /\/(?:DHCP|NetBIOS)\b/;

/** One line a flow: "1 TCP 10.0.0.1:4000 <-> 10.0.0.2:22 [proto: 92/SSH]...[Server: SSH-2.0-OpenSSH_5.6]". */
export function* ndpiReader(output: string): Iterable<Statement> {
  for (const line of output.split("\n")) {
    const flow = /^\t\d+\t(?:TCP|UDP) (\S+):\d+ <?-> (\S+):\d+ /.exec(line);
    if (flow === null) continue;
    const [, client = "", server = ""] = flow;
    const name = OWN_NAME.test(line) ? /\[Hostname\/SNI: ([^\]]+)\]/.exec(line)?.[1] : undefined;
    if (name !== undefined) yield { about: bare(client), attribute: "names", text: name, field: "ndpiReader" };
    const program = /\[Server: ([^\]]+)\]/.exec(line)?.[1];
    if (program !== undefined)
      yield { about: bare(server), attribute: "software", text: program.replace(/^SSH-[\d.]+-/, ""), field: "ndpiReader" };
  }
}

function bare(address: string): string {
  return address.replace(/^\[|\]$/g, "");
}
