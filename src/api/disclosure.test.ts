/** What a maker declares, by HTTP: the report of a device's model, and the letter. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { DisclosureReport } from "../model/disclosure.ts";
import { makerLetter } from "../policies/maker-letter.ts";
import { Ward, wardDevices } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const HOST = "127.0.0.1:4180";
const folder = mkdtempSync(join(tmpdir(), "auscult-api-disclosure-"));
after(() => rmSync(folder, { recursive: true }));

const heard = { devices: 1, others: 1, conversations: 1, days: 1, first: 1, last: 2 };
const REPORT: DisclosureReport = {
  model: 'Corvane "M"\r\n50/é', maker: "Corvane", devices: 1, probable: 0, window: { from: 1, to: 2, days: 1 }, documents: ["Manual, page 1"], whole: "all",
  attached: true, doubts: [], declared: [], stated: [], cannotTell: [], counts: { declared: 0, notDeclared: 1, cannotTell: 0, ground: 0, refused: 0 },
  notDeclared: [{ opens: "device", peer: "outside", service: "tcp 443", protocols: [], because: "", unclear: null, addresses: ["203.0.113.9"], ...heard }],
}; // prettier-ignore

test("the report and the letter of its model; the letter with addresses only where they are asked for", async () => {
  const { ask, ward } = await served();
  ward.disclosures = new Map([["d1", REPORT]]);
  assert.deepEqual(JSON.parse((await ask("/devices/d1/disclosure")).body), { report: REPORT });
  const letter = await ask("/devices/d1/disclosure/letter");
  assert.equal(letter.body, makerLetter(REPORT, false));
  assert.match(String(letter.headers["content-type"]), /^text\/markdown/);
  assert.equal(letter.headers["content-disposition"], 'attachment; filename="letter-Corvane-M-50-e.md"');
  assert.equal((await ask("/devices/d1/disclosure/letter?addresses=true")).body, makerLetter(REPORT, true));
});

test("of a device whose maker says nothing there is no report and no letter; what is no device is 400", async () => {
  const { ask } = await served();
  assert.deepEqual(JSON.parse((await ask("/devices/d2/disclosure")).body), { report: null });
  assert.equal((await ask("/devices/d2/disclosure/letter")).statusCode, 404);
  assert.equal((await ask("/devices/pump7/disclosure")).statusCode, 400);
});

async function served() {
  const token = newToken("lind");
  const ward = new Ward(folder, wardDevices());
  const app = await api({ token, session: ward, webRoot: folder }, () => new Set([HOST]));
  const ask = (path: string) =>
    app.inject({ method: "GET", url: `/api${path}`, headers: { host: HOST, authorization: `Bearer ${token}` } });
  return { ask, ward };
}
