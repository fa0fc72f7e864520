/**
 * Counters put into the parsers as they are loaded, so that the fuzzer sees which way an input took. Production code is untouched;
 * V8's own coverage would cost two hundred times as much (tried).
 *
 * Loaded before everything else: `node --import ./fuzz/counters.ts fuzz/main.ts`.
 */
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { parse, type Node } from "acorn";
import { full } from "acorn-walk";

const COUNTERS_MAX = 1 << 16;

declare global {
  // oxlint-disable-next-line no-var -- a global is what instrumented modules can reach without an import
  var fuzzCounters: Uint8Array;
  // oxlint-disable-next-line no-var
  var fuzzCountersUsed: number;
}
globalThis.fuzzCounters = new Uint8Array(COUNTERS_MAX);
globalThis.fuzzCountersUsed = 0;

registerHooks({
  load(url, context, next) {
    if (!/\/src\/(protocols|bytes|decode|capture)\/(?!.*\.test\.).*\.ts$|\/fuzz\/toy\.ts$/.test(url)) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", shortCircuit: true, source: instrument(source) };
  },
});

type Any = Node & Record<string, Node & { body?: Node }>;

/** Puts a counter at the head of every branch: blocks, arms of conditions, right sides of && and ||, cases. */
function instrument(code: string): string {
  const insertions: { at: number; text: string; order: number }[] = [];
  const counter = () => `__counters[${globalThis.fuzzCountersUsed++ % COUNTERS_MAX}]++`;
  const before = (at: number, text: string) => insertions.push({ at, text, order: insertions.length });
  const after = (at: number, text: string) => insertions.push({ at, text, order: 1e9 - insertions.length });
  const block = (node: Node) => {
    if (node.type === "BlockStatement") return before(node.start + 1, `${counter()};`);
    before(node.start, `{${counter()};`);
    return after(node.end, "}");
  };
  const expression = (node: Node) => {
    before(node.start, `(${counter()},`);
    after(node.end, ")");
  };
  full(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (raw) => {
    const node = raw as unknown as Any;
    if (node.type === "IfStatement") {
      block(node["consequent"]!);
      if (node["alternate"]) block(node["alternate"]);
      else after(node.end, `else{${counter()}}`);
    } else if (/^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(node.type)) block(node["body"]!);
    else if (/Function/.test(node.type) && node["body"]) (node["body"].type === "BlockStatement" ? block : expression)(node["body"]);
    else if (node.type === "ConditionalExpression") {
      expression(node["consequent"]!);
      expression(node["alternate"]!);
    } else if (node.type === "LogicalExpression") expression(node["right"]!);
    else if (node.type === "SwitchCase") {
      const first = (node as unknown as { consequent: Node[] }).consequent[0];
      if (first !== undefined) before(first.start, `${counter()};`);
    } else if (node.type === "CatchClause") block(node["body"]!);
  });
  // At one place: inner closers first, outer openers first.
  insertions.sort((a, b) => b.at - a.at || a.order - b.order);
  for (const { at, text } of insertions) code = code.slice(0, at) + text + code.slice(at);
  return `const __counters=globalThis.fuzzCounters;${code}`;
}
