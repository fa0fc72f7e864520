/** The sample hospital's risk, by HTTP alone, worked out again by a script that knows nothing of ours: equal for every device. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { recomputed, type Shown, type Weights } from "../../scripts/recompute-risk.ts";
import { api } from "../api/index.ts";
import { newToken } from "../api/token.ts";
import { readSettings } from "../config.ts";
import { findCaptures } from "../link/files.ts";
import { readerOf } from "../link/recordings.ts";
import { sampleCapture } from "../sample.ts";
import { LocalSession } from "../session.ts";

const HOST = "127.0.0.1:4180";
const data = mkdtempSync(join(tmpdir(), "auscult-risk-"));
after(() => rmSync(data, { recursive: true }));

test("every device of the sample hospital, and Today is the same when asked again", { timeout: 120_000 }, async () => {
  const session = new LocalSession({ dataDirectory: data, settings: readSettings(data, {}), log: () => undefined, openReader: readerOf });
  const token = newToken("lind");
  const app = await api({ token, session, webRoot: data }, () => new Set([HOST]));
  const ask = async (path: string): Promise<unknown> => {
    const answer = await app.inject({ url: `/api${path}`, headers: { host: HOST, authorization: `Bearer ${token}` } });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  try {
    await session.read(await findCaptures([await sampleCapture(data)]));
    await session.finished();
    const page = (await ask("/risk?limit=1000")) as Weights & {
      total: number;
      rows: { device: string; total: number; troubles: number }[];
    };
    assert.ok(page.total > 50 && page.rows.length === page.total, `expected a hospital, got ${page.total} devices`);
    assert.ok(page.rows.some(({ troubles }) => troubles > 0), "expected something wrong in it"); // prettier-ignore
    const wrong: string[] = [];
    for (const { device, total } of page.rows) {
      const shown = (await ask(`/devices/${device}/risk`)) as Shown;
      if (shown.total !== total) wrong.push(`${device}: ${total} in the list, ${shown.total} on its page`);
      wrong.push(...recomputed(shown, page));
    }
    assert.deepEqual(wrong, []);
    const today = (await ask("/today")) as { sentences: unknown[] };
    assert.ok(today.sentences.length <= 7);
    assert.deepEqual(await ask("/today"), today);
  } finally {
    await session.close();
    await app.close();
  }
});
