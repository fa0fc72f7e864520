/** The do-not-scan list by HTTP: read, exported, said of with a reason, and taken back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { DoNotScanLine, DoNotScanPage } from "../model/do-not-scan.ts";
import { Ward, wardDevices } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const HOST = "127.0.0.1:4180";
const folder = mkdtempSync(join(tmpdir(), "auscult-api-do-not-scan-"));
after(() => rmSync(folder, { recursive: true }));

test("its lines, one device's, and a device said of, seen so and taken back", async () => {
  const { ask } = await served();
  const all = async () => JSON.parse((await ask("GET", "/do-not-scan?states=listed&limit=1000")).body) as DoNotScanPage;
  const line = async (id: string) =>
    (JSON.parse((await ask("GET", `/devices/${id}/do-not-scan`)).body) as { line: DoNotScanLine | null }).line;
  const before = await all();
  assert.ok(before.rows.length > 0 && before.rows.every(({ state, reasons }) => state === "listed" && reasons.length > 0));
  const office = wardDevices().find(({ id, standing }) => standing === "device" && !before.rows.some(({ about }) => about === id))!.id;
  assert.equal(await line(office), null);
  assert.equal((await ask("POST", "/do-not-scan/said", { about: office, word: "list", reason: "it stops when it is asked", until: "2027-01-31" })).status, 200); // prettier-ignore
  assert.deepEqual((await line(office))?.reasons, [{ by: "person", words: "it stops when it is asked", source: "lind (not verified)", sure: true }]); // prettier-ignore
  assert.equal((await all()).byState.listed, before.byState.listed + 1);
  assert.equal((await ask("POST", "/do-not-scan/undo", { about: office })).status, 204);
  assert.equal(await line(office), null);
  assert.equal((await ask("POST", "/do-not-scan/undo", { about: office })).status, 409);

  const [first] = before.rows;
  assert.equal((await ask("POST", "/do-not-scan/said", { about: first!.about, word: "take off", reason: "sold" })).status, 200);
  assert.equal((await line(first!.about))?.state, "taken off");
});

test("a file for each scanner, by its name and kind", async () => {
  const { ask } = await served();
  const { status, body, headers } = await ask("GET", "/do-not-scan/export/nmap");
  assert.equal(status, 200);
  assert.match(body, /^# Do not scan: \d+ lines/);
  assert.equal(headers["content-disposition"], 'attachment; filename="do-not-scan-nmap.txt"');
  assert.match(String((await ask("GET", "/do-not-scan/export/rapid7")).headers["content-type"]), /^application\/json/);
  assert.equal((await ask("GET", "/do-not-scan/export/openvas")).status, 400);
});

test("where nobody stands on it no file comes, and it is said why", async () => {
  const { ask } = await served(wardDevices().filter(({ kind }) => kind?.value === "switch"));
  const { status, body } = await ask("GET", "/do-not-scan/export/nmap");
  assert.equal(status, 400);
  assert.match(body, /expected a device with an address on the do-not-scan list, got none of \d+/);
});

test("nothing is said without a reason, of nothing, or until a day that is none", async () => {
  const { ask } = await served();
  for (const wrong of [{ reason: " " }, { about: "" }, { until: "soon" }, { word: "take off", until: "2027-01-01" }, { word: "perhaps" }])
    assert.equal((await ask("POST", "/do-not-scan/said", { about: "d1", word: "list", reason: "looked", ...wrong })).status, 400, JSON.stringify(wrong)); // prettier-ignore
  for (const query of ["states=gone", "limit=0"]) assert.equal((await ask("GET", `/do-not-scan?${query}`)).status, 400, query);
  assert.equal((await ask("GET", "/devices/pump7/do-not-scan")).status, 400);
});

async function served(devices = wardDevices()) {
  const token = newToken("lind");
  const app = await api({ token, session: new Ward(folder, devices), webRoot: folder }, () => new Set([HOST]));
  const ask = async (method: "GET" | "POST", path: string, payload?: object) => {
    const headers = { host: HOST, authorization: `Bearer ${token}` };
    const response = await app.inject({ method, url: `/api${path}`, headers, ...(payload === undefined ? {} : { payload }) });
    return { status: response.statusCode, body: response.body, headers: response.headers };
  };
  return { ask };
}
