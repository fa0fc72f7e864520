/**
 * Weaknesses planted in the sample hospital: each is found at its machine with the answer it deserves, none at its clean twin; and the risk
 * of every device, worked out again from the API's JSON by a script that knows nothing of ours, is equal. Seeds nobody tuned on.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { recomputed, type Shown, type Weights } from "../../scripts/recompute-risk.ts";
import { api } from "../api/index.ts";
import { newToken } from "../api/token.ts";
import { attach } from "../commands/attach.ts";
import { evidence } from "../commands/evidence.ts";
import { readSettings } from "../config.ts";
import { findCaptures } from "../link/files.ts";
import { readerOf } from "../link/recordings.ts";
import { LocalSession } from "../session.ts";
import { simulate } from "../simulation/index.ts";

const HOST = "127.0.0.1:4180";
const SEEDS = [101, 202, 303];
const PLANTED_MIN = 50;
const data = mkdtempSync(join(tmpdir(), "auscult-planted-"));
after(() => rmSync(data, { recursive: true }));

interface Row {
  readonly id: string;
  readonly ips: readonly string[];
  readonly model: { readonly value: string } | null;
}
interface Told {
  readonly name: string;
  readonly answer: string;
}

for (const seed of SEEDS)
  test(`seed ${seed}: all are found, none at a twin, and the risk is equal`, async (t) => {
    const { capture, truth, beside } = simulate({ seed, weaknesses: true });
    const planted = truth.weaknesses!;
    assert.ok(planted.length >= PLANTED_MIN, `expected at least ${PLANTED_MIN}, got ${planted.length}`);
    const folder = join(data, String(seed));
    const file = `${folder}.pcap`;
    writeFileSync(file, Buffer.concat([...capture]));
    const papers = beside.map(({ ending, text, of }) => ({ path: `${folder}.${ending}`, text, of }));
    for (const { path, text } of papers) writeFileSync(path, text);
    const reading = await opened(folder);
    await reading.session.read(await findCaptures([file]));
    await reading.session.finished();
    const name = reading.session.state().recording!;
    const heard = (await reading.ask("/devices?limit=1000")) as { rows: readonly Row[] };
    await reading.close();
    for (const { path, of } of papers) {
      if ("at" in of) await evidence([path], { data: folder, recording: name, at: of.at });
      else {
        const { id: device } = heard.rows.find((it) => it.model?.value === of.model)!;
        await attach(path, { data: folder, recording: name, device, who: "Kim", reason: "from the maker" });
      }
    }
    const { session, ask, close } = await opened(folder);
    try {
      await session.openRecording(name);
      const { rows } = (await ask("/devices?limit=1000")) as { rows: readonly Row[] };
      const weakOf = async (ip: string): Promise<readonly string[]> => {
        const device = rows.find(({ ips }) => ips.includes(ip));
        assert.ok(device !== undefined, `expected ${ip} among ${rows.length} devices`);
        const weaknesses = (await ask(`/devices/${device.id}/weaknesses`)) as readonly Told[];
        return weaknesses.map(({ name, answer }) => `${name}, ${answer}`);
      };
      const missed: string[] = [];
      const false_: string[] = [];
      for (const { name, weakness, answer, ip, twin } of planted) {
        const [weak, clean] = [await weakOf(ip), await weakOf(twin)];
        if (!weak.includes(`${weakness}, ${answer}`)) missed.push(`${name} at ${ip}: ${weak.join("; ") || "nothing"}`);
        if (clean.some((it) => it.startsWith(`${weakness},`))) false_.push(`${name} at the twin ${twin}: ${clean.join("; ")}`);
      }
      assert.deepEqual({ missed, false: false_ }, { missed: [], false: [] });

      const page = (await ask("/risk?limit=1000")) as Weights & { total: number; rows: readonly { device: string; total: number }[] };
      assert.equal(page.rows.length, page.total);
      const wrong: string[] = [];
      for (const { device, total } of page.rows) {
        const shown = (await ask(`/devices/${device}/risk`)) as Shown;
        if (shown.total !== total) wrong.push(`${device}: ${total} in the list, ${shown.total} on its page`);
        wrong.push(...recomputed(shown, page));
      }
      assert.deepEqual(wrong, []);
      t.diagnostic(`${planted.length} of ${planted.length} found, 0 at twins; risk of ${page.total} devices equal`);
    } finally {
      await close();
    }
  });

async function opened(folder: string) {
  const session = new LocalSession({
    dataDirectory: folder,
    settings: readSettings(folder, {}),
    log: () => undefined,
    openReader: readerOf,
  });
  const token = newToken("lind");
  const app = await api({ token, session, webRoot: folder }, () => new Set([HOST]));
  return {
    session,
    ask: async (path: string): Promise<unknown> => {
      const answer = await app.inject({ url: `/api${path}`, headers: { host: HOST, authorization: `Bearer ${token}` } });
      assert.equal(answer.statusCode, 200, answer.body);
      return answer.json();
    },
    close: async () => {
      await session.close();
      await app.close();
    },
  };
}
