/** Recalls by HTTP: begun, ticked, taken back, printed; refused where there is nothing to tick. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TickList } from "../model/recall.ts";
import { Ward } from "../testing/ward.ts";
import { day, life, livesOf } from "../testing/lives.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const HOST = "127.0.0.1:8471";

test("a list is begun, ticked by name, taken back and closed by its count", async (t) => {
  const data = mkdtempSync(join(tmpdir(), "auscult-recalls-"));
  t.after(() => rmSync(data, { recursive: true }));
  const ward = new Ward(data);
  ward.lives = livesOf([life("d1", { model: "VT-4", serial: "SN1", location: "ICU 3" }), life("d2", { model: "VT-4" })], day(0), day(100));
  const token = newToken("A. Lind");
  const app = await api({ session: ward, token, webRoot: data }, () => new Set([HOST]));
  t.after(() => app.close());
  const headers = { host: HOST, origin: `http://${HOST}`, authorization: `Bearer ${token}` };
  const ask = async (method: "GET" | "POST", path: string, payload?: object) => {
    const answer = await app.inject({ method, url: `/api${path}`, headers, ...(payload === undefined ? {} : { payload }) });
    return { code: answer.statusCode, text: answer.body, headers: answer.headers };
  };
  const shown = async () => JSON.parse((await ask("GET", "/recalls/1")).text) as TickList;

  assert.equal((await ask("POST", "/recalls", { title: "none", model: "XX" })).code, 400, "of nobody");
  assert.equal((await ask("GET", "/recalls")).text, "[]");
  assert.equal((await ask("POST", "/recalls", { title: "Hose", model: "VT-4", serials: "SN1" })).text, '{"number":1}');
  assert.equal((await shown()).words, "0 of 2 found, 2 left");
  assert.equal((await ask("POST", "/recalls/1/ticks", { entry: "d1", word: "found", note: "changed" })).code, 204);
  assert.equal((await ask("POST", "/recalls/1/ticks", { entry: "d2", word: "not meant" })).code, 204);
  const { words, closed, wards } = await shown();
  assert.deepEqual([words, closed !== null], ["1 of 2 found, 1 not meant, none left: closed", true]);
  const { tick } = wards.flatMap(({ entries }) => entries).find(({ id }) => id === "d1")!;
  assert.match(`${tick!.who}, ${tick!.note}`, /^alind.*, changed$/u);
  assert.equal((await ask("POST", "/recalls/1/ticks", { entry: "d1", word: null })).code, 204);
  assert.equal((await shown()).words, "0 of 2 found, 1 not meant, 1 left");
  assert.match((await ask("POST", "/recalls/1/ticks", { entry: "d1", word: null })).text, /nothing to take back/u);
  assert.match((await ask("POST", "/recalls/1/ticks", { entry: "d9", word: "found" })).text, /expected an entry of recall 1/u);
  assert.equal((await ask("GET", "/recalls/2")).code, 404);

  const sheet = await ask("GET", "/recalls/1/sheet.html");
  assert.match(sheet.text, /<h1>Hose: 0 of 2 found/u);
  assert.match(String(sheet.headers["content-security-policy"]), /^default-src 'none'; style-src 'sha256-/u);
  assert.match((await ask("GET", "/recalls/1/sheet.csv")).text, /not meant/u);
});
