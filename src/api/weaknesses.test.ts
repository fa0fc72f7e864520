/** Weaknesses by HTTP: the list, one with its devices, those of one device, and what a person says and takes back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Weakness } from "../model/weakness.ts";
import type { WeaknessDetail, WeaknessPage } from "../model/weakness-report.ts";
import { Ward, wardDevices } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const HOST = "127.0.0.1:4180";
const folder = mkdtempSync(join(tmpdir(), "auscult-api-weaknesses-"));
after(() => rmSync(folder, { recursive: true }));

test("asked for, said of with a reason, seen so and taken back", async () => {
  const { ask } = await served();
  const { rows } = (await ask("GET", "/weaknesses")).body as WeaknessPage;
  assert.deepEqual(rows.map(({ name, affected }) => [name, affected]), [["telnet-answers", 2]]); // prettier-ignore
  const said = { device: "d1", word: "dismissed", scope: "device", reason: "behind its own firewall" };
  assert.equal((await ask("POST", "/weaknesses/telnet-answers/said", said)).status, 200);
  const [own] = (await ask("GET", "/devices/d1/weaknesses")).body as Weakness[];
  assert.deepEqual([own?.word?.word, own?.word?.reason], ["dismissed", "behind its own firewall"]);
  const one = (await ask("GET", "/weaknesses/telnet-answers")).body as WeaknessDetail;
  assert.deepEqual([one.affected, one.dismissed, one.devices.at(-1)?.id], [1, 1, "d1"]);
  assert.equal((await ask("POST", "/weaknesses/telnet-answers/undo", { device: "d1" })).status, 204);
  assert.equal((await ask("POST", "/weaknesses/telnet-answers/undo", { device: "d1" })).status, 409);
});

test("a filter nobody knows is 400, a weakness nobody has is 404, and nothing is said without a reason", async () => {
  const { ask } = await served();
  for (const query of ["severity=red", "kind=bad", "device=pump7", "limit=0"]) assert.equal((await ask("GET", `/weaknesses?${query}`)).status, 400, query); // prettier-ignore
  assert.equal((await ask("GET", "/weaknesses/smb1-spoken")).status, 404);
  const said = { device: "d1", word: "dismissed", scope: "device", reason: "looked" };
  assert.equal((await ask("POST", "/weaknesses/smb1-spoken/said", said)).status, 404);
  assert.equal((await ask("POST", "/weaknesses/telnet-answers/said", { ...said, device: "d3" })).status, 404);
  assert.equal((await ask("POST", "/weaknesses/telnet-answers/said", { ...said, reason: " " })).status, 400);
});

/** The ward, in which two devices answer in Telnet and nothing else. */
async function served() {
  const devices = wardDevices().map((it, index) => ({
    ...it,
    os: null,
    servicesAnswered: index < 2 ? [{ ip: it.ips[0]!, transport: "tcp", port: 23, protocol: "telnet" }] : [],
  }));
  const token = newToken("lind");
  const app = await api({ token, session: new Ward(folder, devices), webRoot: folder }, () => new Set([HOST]));
  const ask = async (method: "GET" | "POST", path: string, payload?: object) => {
    const headers = { host: HOST, authorization: `Bearer ${token}` };
    const response = await app.inject({ method, url: `/api${path}`, headers, ...(payload === undefined ? {} : { payload }) });
    return { status: response.statusCode, body: response.body === "" ? null : response.json() };
  };
  return { ask };
}
