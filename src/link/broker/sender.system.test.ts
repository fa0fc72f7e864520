/** What a sensor sends, and sends again, at a real nats-server: the core's marks are told by hand. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { zstdDecompressSync } from "node:zlib";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { makeCertificate } from "../../accounts/certificate.ts";
import type { Batch } from "../../model/batch.ts";
import { freePort, natsMissing, TestBroker } from "../../testing/nats.ts";
import { connectTo } from "./connection.ts";
import { CREDENTIALS_FORM, type Credentials } from "./credentials.ts";
import { emptyBatch } from "./empty-batch.ts";
import { Sender } from "./sender.ts";
import { newSeed, serverConfig } from "./server-config.ts";
import { Spool } from "./spool.ts";
import { ensureSite } from "./streams.ts";
import { batchSubject, inboxOf, markSubject, streamOf } from "./subjects.ts";

const [SITE, SENSOR] = ["north", "er-1"];

suite("a sender", { skip: natsMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-sender-"));
  const open: NatsConnection[] = [];
  let broker: TestBroker;
  before(async () => {
    broker = new TestBroker(join(folder, "broker"), await freePort());
    await broker.start();
  });
  after(async () => {
    for (const connection of open) await connection.close();
    await broker.end();
    rmSync(folder, { recursive: true });
  });

  async function connected(inbox: string): Promise<NatsConnection> {
    const connection = await connectTo({ broker: broker.url, credentials: null, name: inbox, inbox, once: true });
    open.push(connection);
    return connection;
  }

  /** A sensor with these batches in its spool, and all that it sends, as `sequence` or, where it is no more, `-sequence`. */
  async function sending(name: string, sequences: readonly number[]) {
    const core = await connected("core");
    const manager = await jetstreamManager(core);
    await manager.streams.delete(streamOf(SITE)).catch(() => false);
    await ensureSite(manager, SITE, { replicas: 1 });
    const heard: number[] = [];
    let asked: readonly string[] = [];
    core.subscribe(batchSubject(SITE, SENSOR), {
      callback: (_, { data }) => {
        const { sequence, loss } = JSON.parse(zstdDecompressSync(data).toString("utf8")) as Batch;
        heard.push(Object.keys(loss.limits).length === 0 ? sequence : -sequence);
      },
    });
    const spool = new Spool({ folder: join(folder, name), bytesMax: 1e9, site: SITE, sensor: SENSOR });
    for (const sequence of sequences)
      spool.put(emptyBatch({ site: SITE, sensor: SENSOR, run: "live-1", sequence, input: "eth1", from: 1, to: 1, frames: 0 }));
    await core.flush();
    const sender = new Sender({
      connection: await connected(inboxOf(SITE, SENSOR)),
      spool,
      site: SITE,
      sensor: SENSOR,
      status: (runs) => {
        asked = runs;
        return {};
      },
      log: () => undefined,
    });
    return {
      done: async (expected: boolean) => {
        for (let tries = 0; tries < 500 && sender.isDone !== expected; tries++) await sleep(10);
        assert.equal(sender.isDone, expected);
      },
      spool,
      heard,
      told: async (sequence: number, stream = "a", pending = 1) => {
        core.publish(markSubject(SITE, SENSOR), JSON.stringify({ stream, core: "one", pending, runs: [["live-1", sequence]] }));
        await core.flush();
      },
      /** Another core, which names none of its runs. */
      another: async () => {
        core.publish(markSubject(SITE, SENSOR), JSON.stringify({ stream: "a", core: "another", pending: 1, runs: [] }));
        await core.flush();
      },
      asks: async (expected: readonly string[]) => {
        for (let tries = 0; tries < 500 && String(asked) !== String(expected); tries++) await sleep(10);
        assert.deepEqual(asked, expected);
      },
      hears: async (expected: readonly number[]) => {
        for (let tries = 0; tries < 500 && heard.length < expected.length; tries++) await sleep(10);
        await sleep(50);
        assert.deepEqual(heard, expected);
      },
      close: async () => {
        await sender.close();
        spool.close();
      },
    };
  }

  test("all of it in order, once; what the core has committed leaves the spool", async () => {
    const it = await sending("order", [1, 2, 3]);
    await it.hears([1, 2, 3]);
    assert.equal(it.spool.status.batches, 3, "the broker's acknowledgment lets nothing go");
    await it.told(2);
    await it.hears([1, 2, 3]);
    assert.equal(it.spool.status.batches, 1);
    await it.close();
  });

  test("from a new stream on, what is above the mark again", async () => {
    const it = await sending("stream", [1, 2, 3]);
    await it.hears([1, 2, 3]);
    await it.told(1, "a");
    await it.told(1, "another");
    await it.hears([1, 2, 3, 2, 3]);
    await it.close();
  });

  test("where the mark went back, what is there again, and of the rest that it is no more; once", async () => {
    const it = await sending("back", [1, 2, 3, 4]);
    await it.hears([1, 2, 3, 4]);
    await it.told(3);
    rmSync(join(folder, "back", "live-1", "000000002.jsonl.zst"));
    await it.told(1);
    await it.told(1);
    await it.told(2);
    await it.hears([1, 2, 3, 4, -2, 3, 4]);
    await it.told(4);
    assert.equal(it.heard.length, 7);
    await it.close();
  });

  test("another core is asked for what it does not name; where that is an older copy, all of it again", async () => {
    const it = await sending("asked", [1, 2, 3]);
    await it.hears([1, 2, 3]);
    await it.told(3);
    await it.asks([]);
    await it.done(true);
    await it.another();
    await it.asks(["live-1"]);
    // Whoever ends with its capture waits for the answer: at the next start the core may be asked too late again.
    await it.done(false);
    await it.told(0);
    await it.hears([1, 2, 3, 1, 2, 3]);
    await it.asks([]);
    await it.done(false);
    await it.told(3);
    await it.done(true);
    await it.close();
  });

  test("a mark that stands still while more is on its way sends nothing again", async () => {
    const it = await sending("still", [1, 2]);
    await it.hears([1, 2]);
    for (let time = 0; time < 5; time++) await it.told(1);
    await it.hears([1, 2]);
    await it.close();
  });
});

suite("over TLS", { skip: natsMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-tls-"));
  let broker: TestBroker;
  const { certificate, key } = makeCertificate(["127.0.0.1"], Date.now());
  const user: Credentials = { form: CREDENTIALS_FORM, role: "sensor", site: SITE, name: SENSOR, seed: newSeed(), ca: certificate };
  before(async () => {
    broker = new TestBroker(join(folder, "broker"), await freePort());
    const files = { certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem"), ca: null };
    mkdirSync(folder, { recursive: true });
    writeFileSync(files.certificate, certificate);
    writeFileSync(files.key, key);
    const node = { nodes: ["127.0.0.1"], node: "127.0.0.1", port: broker.port };
    await broker.start({
      text: serverConfig({ ...node, storeFolder: join(folder, "jetstream"), tls: files, syncs: false, users: [user] }),
    });
  });
  after(async () => {
    await broker.end();
    rmSync(folder, { recursive: true });
  });
  const reach = (credentials: Credentials, scheme = "tls") =>
    connectTo({ broker: `${scheme}://127.0.0.1:${broker.port}`, credentials, name: "test", inbox: inboxOf(SITE, SENSOR), once: true });

  test("who knows the broker's certificate comes in; who knows another one does not believe it", async () => {
    const connection = await reach(user);
    assert.equal(connection.info?.tls_required, true);
    await connection.close();
    await assert.rejects(reach({ ...user, ca: makeCertificate(["127.0.0.1"], Date.now()).certificate }), /certificate/i);
  });

  test("another's key is refused", async () => {
    await assert.rejects(reach({ ...user, seed: newSeed() }), /Authorization/);
  });
});
