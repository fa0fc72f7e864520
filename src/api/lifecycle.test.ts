/** The fleet's life by the API: counted as asked, a recall looked up with and without the hospital's list, and refused in a line. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { LifecycleReport, RecallReport } from "../model/lifecycle.ts";
import { life, livesOf } from "../testing/lives.ts";
import { Ward } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-lifecycle-"));
after(() => rmSync(data, { recursive: true }));
const TOKEN = newToken("A. Lind");
const HOST = "127.0.0.1:4180";
const headers = { host: HOST, cookie: `auscult-4180=${TOKEN}`, origin: `http://${HOST}` };
const ward = new Ward(data);
ward.lives = livesOf([life("d1", { model: "VT-4", serial: "SN1", location: "ICU 3" }), life("d2", { model: "VT-4", location: "ICU 4" })]);
const app = await api({ token: TOKEN, session: ward, webRoot: join(data, "no pages") }, () => new Set([HOST]));
after(() => app.close());

test("growth is counted by what is asked, by kind unless said, and by nothing else", async () => {
  const asked = async (query: string) => app.inject({ url: `/api/lifecycle${query}`, headers });
  const groups = async (query: string) => ((await asked(query)).json() as LifecycleReport).growth.groups.map(({ of, now }) => [of, now]);
  assert.deepEqual(await groups(""), [["infusion pump", 2]]);
  assert.deepEqual(await groups("?by=location"), [
    ["ICU 3", 1],
    ["ICU 4", 1],
  ]);
  assert.equal((await asked("?by=owner")).statusCode, 400);
});

test("a recall is looked up, with the hospital's list beside it, and what asks nothing is refused in a line", async () => {
  const ask = async (payload: object) => app.inject({ method: "POST", url: "/api/recall", headers, payload });
  const { heard, cannotTell } = (await ask({ model: "vt 4", serials: "SN1" })).json() as RecallReport;
  assert.deepEqual([heard.rows.map(({ id }) => id), cannotTell.rows.map(({ id }) => id)], [["d1"], ["d2"]]);
  const list = { file: "assets.csv", bytes: Buffer.from("Serial;Model;Asset\nSN9;VT-4;B-1\n").toString("base64") };
  const withList = (await ask({ model: "VT-4", list })).json();
  assert.deepEqual(withList.listedOnly, [{ row: 2, says: "B-1, VT-4, SN9" }]);
  const refused = await ask({});
  assert.deepEqual([refused.statusCode, refused.json().message], [400, "expected a maker, a model, serial numbers, a version, a UDI or a lot, got none of them"]); // prettier-ignore
  assert.equal((await ask({ serials: "x".repeat(20_001) })).statusCode, 400);
});
