/** Reports by the API: the same bytes as the command writes, each figure with its devices, and those made last by digest. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { csvOf, htmlOf, reportFrom } from "../reporting.ts";
import { Ward } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-reports-api-"));
after(() => rmSync(data, { recursive: true }));
const TOKEN = newToken("A. Lind");
const HOST = "127.0.0.1:4180";
const headers = { host: HOST, cookie: `auscult-4180=${TOKEN}`, origin: `http://${HOST}` };
const ward = new Ward(data);
const app = await api({ token: TOKEN, session: ward, webRoot: join(data, "no pages") }, () => new Set([HOST]));
after(() => app.close());
const get = (url: string) => app.inject({ url: `/api${url}`, headers });
const make = (payload: object) => app.inject({ method: "POST", url: "/api/reports", headers, payload });

test("a file has the bytes of the command, runs no script and says what it is", async () => {
  const asked = { audience: "auditor", days: 30, sample: { count: 3, seed: 7 } } as const;
  const report = await reportFrom(ward.recording()!, data, asked);
  const html = await get("/report.html?for=auditor&days=30&sample=3&seed=7");
  assert.equal(html.body, htmlOf(report));
  assert.match(String(html.headers["content-type"]), /^text\/html/u);
  assert.match(String(html.headers["content-security-policy"]), /^default-src 'none'; style-src 'sha256-[^']+'; .*sandbox$/u);
  assert.match(String(html.headers["content-disposition"]), /^inline; filename="auscult-auditor-[0-9a-f]{16}\.html"$/u);
  assert.equal((await get("/report.csv?for=auditor&days=30&sample=3&seed=7")).body, csvOf(report));
  assert.notEqual((await get("/report.html?for=auditor&days=30&sample=3&seed=8")).body, html.body);
});

test("a figure comes with the devices it counts, and what was made stands first in the list, once", async () => {
  const made = (await make({ for: "security" })).json() as { digest: string; sections: { id: string; rows: { text: string; devices: string[] }[][] }[] }; // prettier-ignore
  const risk = made.sections.find(({ id }) => id === "risk")!;
  for (const row of risk.rows) for (const column of [1, 2, 3, 4]) assert.equal(row[column]!.devices.length, Number(row[column]!.text));
  await make({ for: "biomed" });
  await make({ for: "security" });
  const list = (await get("/reports")).json() as { digest: string; audience: string; who: string }[];
  assert.deepEqual(list.map(({ audience }) => audience), ["security", "biomed"]); // prettier-ignore
  assert.equal(list[0]!.digest, made.digest);
  assert.equal(list[0]!.who, "alind (not verified)");
});

test("only findings of the period are told; without one all are, and what is asked wrongly is said", async () => {
  const findings = async (payload: object) =>
    (await make(payload)).json<{ sections: { id: string; rows: unknown[] }[] }>().sections.find(({ id }) => id === "findings")!.rows.length;
  const all = await findings({ for: "security" });
  ward.findings = ward.findings.map((it, at) => (at === 0 ? it : { ...it, last: it.last - 3 * 86_400e6 }));
  ward.changed();
  assert.equal(await findings({ for: "security" }), all);
  const lately = await findings({ for: "security", days: 1 });
  assert.ok(lately < all, `${lately} of ${all}`);
  assert.equal((await get("/report.html?for=nurse")).statusCode, 400);
  assert.equal((await get("/report.pdf")).statusCode, 400);
  assert.equal((await make({ sample: 501 })).statusCode, 400);
});

test("a list of reports that cannot be read is said, and not written over", async () => {
  writeFileSync(join(data, "reports.json"), "[{");
  assert.ok((await get("/reports")).statusCode >= 400);
  assert.ok((await make({ for: "biomed" })).statusCode >= 400);
});
