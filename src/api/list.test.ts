/** The hospital's own list by the API: seen first, said at once, taken back at once; and our own table out, edited, in again. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { csvRecords } from "../bytes/csv.ts";
import type { DeviceDetail } from "../model/device.ts";
import type { ListPlan } from "../model/list.ts";
import { linesOf } from "../testing/listed.ts";
import { Ward, wardDevices } from "../testing/ward.ts";
import { csvLine } from "../bytes/csv-line.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-list-"));
after(() => rmSync(data, { recursive: true }));
const TOKEN = newToken("A. Lind");
const HOST = "127.0.0.1:4180";
const PAGE = { host: HOST, cookie: `auscult-4180=${TOKEN}`, origin: `http://${HOST}` };

async function opened(devices: readonly DeviceDetail[] = wardDevices()) {
  const ward = new Ward(data, [...devices]);
  const app = await api({ token: TOKEN, session: ward, webRoot: join(data, "no pages") }, () => new Set([HOST]));
  after(() => app.close());
  const post = (url: string, payload: object) => app.inject({ method: "POST", url, headers: PAGE, payload });
  const question = (text: string | Uint8Array, more: object = {}) => ({ file: "assets.csv", bytes: Buffer.from(text).toString("base64"), ...more }); // prettier-ignore
  const seen = async (text: string | Uint8Array) => (await post("/api/list", question(text))).json() as ListPlan;
  const table = async () => (await app.inject({ url: "/api/devices.csv", headers: PAGE })).body;
  return { ward, post, question, seen, table };
}

test("a list is seen before it is said: nothing is written by the dry run, and all of it by one change", async () => {
  const { ward, post, question, seen } = await opened();
  const [first, second] = wardDevices();
  const list = `MAC;Model;Owner;Asset\n${first!.macs[0]};${first!.model!.value};Biomed;1001\n${second!.macs[0]};${second!.model!.value};IT;1002\n`;
  const plan = await seen(list);
  assert.deepEqual([plan.changes, plan.rows.map(({ state }) => state)], [4, ["matched", "matched"]]);
  assert.deepEqual(ward.said, []);

  const apply = (more: object) => post("/api/list/apply", question(list, { reason: "CMMS of November", digest: plan.digest, ...more }));
  assert.equal((await apply({ reason: " " })).statusCode, 400);
  const stale = await apply({ digest: "of another day" });
  assert.deepEqual([stale.statusCode, stale.json().message], [409, "Other words would be said by now: look at the dry run again. Nothing was written."]); // prettier-ignore
  assert.deepEqual(ward.said, []);
  assert.deepEqual((await apply({})).json(), { change: 4, words: 4 });
  assert.deepEqual(ward.said[0], { who: "alind (not verified)", device: first!.id, attribute: "controlNumber", value: "1001", reason: "assets.csv, row 2" }); // prettier-ignore
  assert.equal((await seen(list)).changes, 0);
  assert.match((await apply({ digest: (await seen(list)).digest })).json().message, /^The list changes nothing/);
});

test("what is no list, no base64 and no column of it is told", async () => {
  const { post, question } = await opened();
  const message = async (payload: object) => {
    const answer = await post("/api/list", payload);
    return [answer.statusCode, answer.json().message] as const;
  };
  assert.match((await message(question("Ding;Nr\n1;2\n"))).join(" "), /^400 expected a row of titles with at least two of ours/);
  assert.match((await message({ file: "a.csv", bytes: "???" })).join(" "), /^400 bytes: /);
  assert.match((await message(question("Serial;Maker\n", { columns: { owner: "Wem" } }))).join(" "), /^400 expected a column for owner/);
  assert.match((await message(question("Serial;Maker\n", { columns: { colour: "Wem" } }))).join(" "), /^400 columns/);
  assert.match((await message(question("Serial;Maker\n", { chosen: { 9: "d1" } }))).join(" "), /^400 expected a row of the list, got 9/);
});

/** Each is one way in which a spreadsheet writes a table it was given. */
const SPREADSHEETS: readonly (readonly [name: string, save: (records: readonly (readonly string[])[]) => Uint8Array])[] = [
  ["as it came", (records) => Buffer.from(`\uFEFF${records.map(csvLine).join("").replaceAll("'='", "'=")}`)],
  ["LibreOffice, no mark, line feeds", (records) => Buffer.from(written(records, ",", "\n"))],
  ["LibreOffice, all text quoted", (records) => Buffer.from(written(records, ",", "\n", true))],
  ["Excel in German, Windows-1252", (records) => Buffer.from(written(records, ";", "\r\n"), "latin1")],
  ["Excel, Unicode text", (records) => Buffer.from(`\uFEFF${written(records, "\t", "\r\n")}`, "utf16le")],
  ["numbers without their zeros", (records) => Buffer.from(written(records.map((record) => record.map((cell) => cell.replace(/^0+(?=\d+$)/, ""))), ",", "\n"))],
]; // prettier-ignore

function written(records: readonly (readonly string[])[], separator: string, end: string, all = false): string {
  const cell = (text: string) => (all || text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return records.map((record) => record.map(cell).join(separator) + end).join("");
}

test("our table out, saved by a spreadsheet, in again: each row is unchanged, whatever the spreadsheet writes", async () => {
  const known = (value: string) => ({ value, confidence: 0.99, lead: 99, saidBy: "lind" });
  const devices = wardDevices().map((device, at) => ({
    ...device,
    controlNumber: known(`00${at}71`),
    owner: known(at % 2 === 0 ? "=Biomed" : "Ärzte, 4B"),
  }));
  const { seen, table } = await opened(devices); // prettier-ignore
  const records = csvRecords((await table()).slice(1), ",");
  for (const [name, save] of SPREADSHEETS) {
    const plan = await seen(save(records));
    assert.deepEqual([plan.rows.length, plan.changes, plan.heardOnlyTotal], [devices.length, 0, 0], name);
    assert.deepEqual(new Set(plan.rows.map(({ state }) => state)), new Set(["matched"]), name);
  }
});

test("a cell that was changed says from what to what, also where it contradicts what was heard; an emptied one takes nothing back", async () => {
  const { ward, seen, table } = await opened();
  const records = csvRecords((await table()).slice(1), ",");
  const at = (title: string) => records[0]!.indexOf(title);
  records[2]![at("Maker")] = "Dräger";
  records[2]![at("Owner")] = "Biomed";
  records[3]![at("Status")] = "Repair";
  records[4]![at("Model")] = "";
  records[5]![at("Care class")] = "very";
  const plan = await seen(written(records, ";", "\r\n"));
  const id = (row: number) => records[row]![0];
  const { maker } = wardDevices().find((it) => it.id === id(2))!;
  assert.deepEqual(linesOf(plan).slice(1, 5), [
    `3 matched ${id(2)}; maker "${maker!.value}" → "Dräger"; owner "" → "Biomed"`,
    `4 matched ${id(3)}; status "" → "workshop"`,
    `5 matched ${id(4)}`,
    `6 matched ${id(5)}; Care class: "very" is none of life-supporting, therapy, diagnostic, clinical IT, other; not taken`,
  ]);
  assert.equal(plan.changes, 3);
  assert.deepEqual(ward.said, []);
});

test("a table of another recording's devices is not taken by its numbers", async () => {
  const { seen, table } = await opened();
  const records = csvRecords((await table()).slice(1), ",");
  const kept = new Set(["Id", "What it is"]);
  const ids = records.map((record) => record.map((cell, column) => (kept.has(records[0]![column]!) ? cell : "")));
  const plan = await seen(written([records[0]!, ...ids.slice(1)], ",", "\n"));
  assert.deepEqual(new Set(plan.rows.map(({ state }) => state)), new Set(["doubtful"]));
});
