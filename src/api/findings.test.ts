/** Findings by HTTP: filters, one with its evidence, its frames, what a person says of it, and who may. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import type { FindingDetail, FindingPage } from "../model/finding.ts";
import { Ward } from "../testing/ward.ts";
import { api } from "./index.ts";
import { newToken } from "./token.ts";

const HOST = "127.0.0.1:4180";
const TRIED = "5f1d3a7790c2be14";
const STORM = "a07be1cc02938d55";
const folder = mkdtempSync(join(tmpdir(), "auscult-api-findings-"));
after(() => rmSync(folder, { recursive: true }));

describe("findings", () => {
  const token = newToken("lind");
  let ward: Ward;
  let ask: (method: "GET" | "POST", path: string, body?: object) => Promise<{ status: number; body: unknown; bytes: Buffer; headers: object }>; // prettier-ignore
  beforeEach(async () => {
    ward = new Ward(folder);
    const app = await api({ token, session: ward, webRoot: folder }, () => new Set([HOST]));
    ask = async (method, path, body) => {
      const response = await app.inject({ method, url: `/api${path}`, headers: { host: HOST, authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { payload: body }) }); // prettier-ignore
      const isJson = String(response.headers["content-type"]).includes("json");
      return { status: response.statusCode, body: isJson ? response.json() : null, bytes: response.rawPayload, headers: response.headers };
    };
  });

  const ids = async (query: string) => ((await ask("GET", `/findings?${query}`)).body as FindingPage).rows.map(({ id }) => id);
  const one = async (id: string) => (await ask("GET", `/findings/${id}`)).body as FindingDetail;

  test("the list: what keeps a patient alive raises it and stands first; filters leave the counts of all as they are", async () => {
    const { body } = await ask("GET", "/findings");
    const { rows, byState, total, urgent } = body as FindingPage;
    assert.deepEqual(
      rows.map(({ id, severity, about }) => [id, severity, about?.device ?? null]),
      [
        [TRIED, "critical", "d2"],
        [STORM, "high", null],
      ],
    );
    assert.deepEqual([total, urgent, byState], [2, 2, { new: 2, acknowledged: 0, explained: 0, closed: 0 }]);
    assert.deepEqual(await ids("family=hazard"), [STORM]);
    assert.deepEqual(await ids("severity=critical"), [TRIED]);
    assert.deepEqual(await ids("device=d3"), [TRIED]);
    assert.deepEqual(await ids("device=d1"), []);
    assert.deepEqual(await ids("states=closed,explained"), []);
    assert.deepEqual(await ids("limit=1&offset=1"), [STORM]);
    assert.equal((await ask("GET", "/findings?states=gone")).status, 400);
    assert.equal((await ask("GET", "/findings?severity=red")).status, 400);
  });

  test("one with its evidence, and its frames as pcapng; none where it rests on counts; none of that name", async () => {
    const { usual, frames, detectorSays } = await one(TRIED);
    assert.deepEqual([usual.before, usual.elsewhere, frames.length, detectorSays.sees.length > 0], [0, 0, 2, true]);
    const { status, bytes, headers } = await ask("GET", `/findings/${TRIED}/frames.pcapng`);
    assert.deepEqual([status, bytes.readUInt32LE(0), bytes.readUInt32LE(8)], [200, 0x0a0d0d0a, 0x1a2b3c4d]);
    assert.match(JSON.stringify(headers), /attachment; filename=\\"finding-5f1d3a7790c2be14\.pcapng/);
    assert.equal((await ask("GET", `/findings/${STORM}/frames.pcapng`)).status, 404);
    assert.equal((await ask("GET", "/findings/0123456789abcdef")).status, 404);
    assert.equal((await ask("GET", "/findings/..%2fx")).status, 400);
  });

  test("a person acknowledges, explains, closes and takes each back; the list counts them", async () => {
    const said = async (body: object) => (await ask("POST", `/findings/${TRIED}/said`, { reason: "seen", ...body })).status;
    assert.equal(await said({ what: "acknowledge" }), 200);
    assert.deepEqual([(await one(TRIED)).standing.state, (await one(TRIED)).standing.said?.who], ["acknowledged", "lind (not verified)"]);
    assert.equal(await said({ what: "explain", until: "2026-12-01", owner: "Kim" }), 200);
    assert.deepEqual((await one(TRIED)).hides, { findings: 1, count: 23 });
    assert.deepEqual(await ids("states=new,acknowledged"), [STORM]);
    assert.equal(await said({ what: "close", verdict: "innocent" }), 200);
    assert.deepEqual(
      (await one(TRIED)).history.map(({ word }) => word.what),
      ["close", "explain", "acknowledge"],
    );
    for (const state of ["explained", "acknowledged", "new"]) {
      assert.equal((await ask("POST", `/findings/${TRIED}/undo`, {})).status, 204);
      assert.equal((await one(TRIED)).standing.state, state);
    }
    assert.equal((await ask("POST", `/findings/${TRIED}/undo`, {})).status, 409);
  });

  test("what is missing of a word is said, and nothing is written", async () => {
    const message = async (body: object) => {
      const answer = await ask("POST", `/findings/${TRIED}/said`, { reason: "seen", ...body });
      assert.equal(answer.status, 400, JSON.stringify(body));
      return (answer.body as { message: string }).message;
    };
    assert.match(await message({ what: "explain", owner: "Kim" }), /expected the last day it covers, such as 2026-12-01, got none/);
    assert.match(await message({ what: "explain", owner: "Kim", until: "soon" }), /got "soon"/);
    assert.match(await message({ what: "explain", until: "2026-12-01" }), /expected who answers for it/);
    assert.match(await message({ what: "close" }), /expected a verdict, one of true, innocent, duplicate, test/);
    assert.match(await message({ what: "acknowledge", reason: " " }), /expected how you know/);
    assert.equal((await ask("POST", "/findings/0123456789abcdef/said", { what: "acknowledge", reason: "seen" })).status, 404);
    assert.equal(ward.said.length, 0);
  });
});
