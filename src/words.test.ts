/**
 * Auscult speaks as docs/words.md says. The words we do not say are taken from its table; the texts are every string and every JSX text
 * of the pages, every phrase in the program, the README and the documents. Comments are not read: they are for us.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseSync } from "vite";

const ROOT = join(import.meta.dirname, "..");
const FILLED_IN = "N";

const unsaid = unsaidWords(readFileSync(join(ROOT, "docs/words.md"), "utf8"));

test("no page, message or document says what we do not say", () => {
  const texts = [
    ...sources("web/src").flatMap((file) => textsOfCode(file, read(file)).map((text) => [file, text] as const)),
    // A single word in the program is a name on the wire or in the code; two are a sentence to someone.
    ...sources("src").flatMap((file) =>
      textsOfCode(file, read(file))
        .filter((text) => /\S\s+\S/.test(text))
        .map((text) => [file, text] as const),
    ),
    ...["README.md", ...documents()].flatMap((file) => textsOfDocument(read(file)).map((text) => [file, text] as const)),
  ];
  assert.ok(texts.length > 1_000, `expected the texts of a whole program, got ${texts.length}`);
  assert.deepEqual(
    texts.flatMap(([file, text]) => broken(text).map((word) => `${file} says "${word}": ${text.trim().slice(0, 100)}`)),
    [],
  );
});

test("a text that breaks a rule is found, whichever rule and wherever it stands", () => {
  assert.ok(unsaid.length > 30, "expected the words of the whole table");
  for (const word of unsaid) {
    const said = word === "!" ? "Done!" : `The pump ${word} today`;
    const filled = said.replaceAll(FILLED_IN, "7");
    const holes = said.replaceAll(FILLED_IN, "${name}");
    for (const code of [
      `const message = "${filled}";`,
      `const message = \`${holes}\`;`,
      `const page = <p>${filled}</p>;`,
      `const page = <p><b>Of note:</b> ${said.replaceAll(FILLED_IN, "<b>{name}</b>")}</p>;`,
      `const page = <button aria-label="${filled}" />;`,
    ])
      assert.ok(textsOfCode("control.tsx", code).flatMap(broken).includes(word), `${word} in ${code}`);
    assert.ok(textsOfDocument(`# Title\n\n- ${filled}\n`).flatMap(broken).includes(word), `${word} in a document`);
  }
});

test("what we do say, code and commands are let by", () => {
  for (const code of [
    'const message = "71 of 142 devices were heard; the last heard at ward 4B is not known.";',
    "const wan = unsafe !== tracked; // a safe dashboard, detected!",
    'import { safe } from "./will break.ts";',
    "const style = `--tone: ${tone} !important`;",
  ])
    assert.deepEqual(textsOfCode("control.tsx", code).flatMap(broken), [], code);
  assert.deepEqual(textsOfDocument("Run `auscult safe`.\n\n```\nsafe\n```\n").flatMap(broken), []);
});

/** The middle column: words and phrases with commas between them. */
function unsaidWords(page: string): readonly string[] {
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---"));
  return rows.slice(1).flatMap((row) => (row.split(" | ")[1] ?? "").split(", "));
}

function broken(text: string): readonly string[] {
  const filled = text.replace(/\d+(?:\.\d+)*/g, FILLED_IN);
  return unsaid.filter((word) =>
    word === "!"
      ? /[\p{L}\p{N})”’]!(?=$|[\s"”’<])/u.test(filled)
      : new RegExp(`(?<![\\p{L}\\p{N}-])${word.replaceAll(/[^\p{L}\p{N} ]/gu, "\\$&")}(?![\\p{L}\\p{N}-])`, "iu").test(filled),
  );
}

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** Each string, template and JSX text of a source file, with what is filled in as N. */
function textsOfCode(file: string, code: string): readonly string[] {
  const { program, errors } = parseSync(file, code);
  assert.deepEqual(errors, [], `${file} cannot be read`);
  const texts: string[] = [];
  visit(program as unknown as Node);
  return texts;

  function visit(node: Node): void {
    if (/^(Import|Export(All|Named))Declaration$/.test(node.type) && node["source"] !== null && node["declaration"] == null) return;
    if (node.type === "Literal" && typeof node["value"] === "string") texts.push(node["value"]);
    if (node.type === "TemplateLiteral" || node.type === "JSXElement" || node.type === "JSXFragment") texts.push(textOf(node));
    for (const part of Object.values(node)) for (const child of [part].flat()) if (isNode(child)) visit(child);
  }
}

/** As a reader sees it: the pieces in one line. */
function textOf(node: Node): string {
  if (node.type === "JSXText") return String(node["value"]).replace(/\s+/g, " ");
  if (node.type === "TemplateLiteral")
    return (node["quasis"] as readonly { readonly value: { readonly cooked: string } }[]).map((it) => it.value.cooked).join(FILLED_IN);
  if (node.type === "JSXElement" || node.type === "JSXFragment") return (node["children"] as readonly Node[]).map(textOf).join("");
  const expression = node["expression"];
  if (node.type === "JSXExpressionContainer" && isNode(expression) && expression.type === "Literal") return String(expression["value"]);
  return FILLED_IN;
}

function isNode(part: unknown): part is Node {
  return part instanceof Object && "type" in part && typeof part.type === "string";
}

/** Prose line by line; what is set as code is a name, not a word of ours. */
function textsOfDocument(page: string): readonly string[] {
  return page
    .replace(/^```[\s\S]*?^```/gm, "")
    .replace(/`[^`\n]*`/g, "")
    .split("\n");
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts") && !name.startsWith("testing/"))
    .map((name) => `${folder}/${name}`)
    .toSorted();
}

function documents(): readonly string[] {
  return readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "words.md")
    .map((name) => `docs/${name}`);
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}
