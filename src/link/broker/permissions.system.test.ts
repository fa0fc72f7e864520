/** What credentials open at a real nats-server that was configured by us, and what they do not. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { run } from "../../testing/command.ts";
import { freePort, natsMissing, TestBroker } from "../../testing/nats.ts";
import { connectTo } from "./connection.ts";
import { readCredentials, type Credentials } from "./credentials.ts";
import { ensureSite } from "./streams.ts";
import { batchSubject, coreInboxOf, inboxOf, markSubject, SETUP_INBOX, statusSubject, streamOf } from "./subjects.ts";

suite("a broker that auscult configured", { skip: natsMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-rights-"));
  const keys = join(folder, "keys");
  const open: NatsConnection[] = [];
  let broker: TestBroker;

  before(async () => {
    broker = new TestBroker(join(folder, "broker"), await freePort());
    const { code, stderr } = await run(
      "broker", "configure", "--out", keys, "--port", String(broker.port), "--store", join(folder, "jetstream"), "--sensors", "north/er-1,north/er-2,south/er-1",
    ); // prettier-ignore
    assert.equal(code, 0, stderr);
    await broker.start({ text: readFileSync(join(keys, "nats-server-127.0.0.1.conf"), "utf8") });
    const made = await run("broker", "setup", "--broker", broker.url, "--credentials", join(keys, "setup.json"), "--sites", "north,south");
    assert.deepEqual([made.code, made.stdout], [0, "AUSCULT_north\nAUSCULT_south\nAUSCULT_REFUSED\n"], made.stderr);
  });
  after(async () => {
    for (const connection of open) await connection.close();
    await broker.end();
    rmSync(folder, { recursive: true });
  });

  async function as(file: string, role: Credentials["role"], inbox: string) {
    const connection = await connectTo({
      broker: broker.url,
      credentials: readCredentials(join(keys, file), role),
      name: file,
      inbox,
      once: true,
    });
    open.push(connection);
    const refused: string[] = [];
    void (async () => {
      for await (const status of connection.status()) if (status.type === "error") refused.push(status.error.message);
    })();
    /** What the broker said against it; "" where it let it through. */
    const tried = async (work: () => void) => {
      refused.length = 0;
      work();
      await connection.flush();
      await sleep(50);
      return refused.join("; ");
    };
    return {
      connection,
      publishes: (subject: string) => tried(() => connection.publish(subject, "x")),
      hears: (subject: string) => tried(() => void connection.subscribe(subject)),
    };
  }
  const sensor = () => as("sensor-north-er-1.json", "sensor", inboxOf("north", "er-1"));

  test("nobody comes in without credentials", async () => {
    await assert.rejects(
      connectTo({ broker: broker.url, credentials: null, name: "stranger", inbox: "_INBOX", once: true }),
      /Authorization/,
    );
  });

  test("a sensor sends its batches, says how it is and hears its marks", async () => {
    const { connection, publishes, hears } = await sensor();
    const { stream } = await jetstream(connection).publish(batchSubject("north", "er-1"), "x", { msgID: "a:1" });
    assert.equal(stream, streamOf("north"));
    assert.equal(await publishes(statusSubject("north", "er-1")), "");
    assert.equal(await hears(markSubject("north", "er-1")), "");
  });

  test("a sensor speaks for no other sensor or site, asks the broker for nothing, and hears nobody else", async () => {
    const { publishes, hears } = await sensor();
    for (const subject of [
      batchSubject("north", "er-2"),
      batchSubject("south", "er-1"),
      statusSubject("south", "er-1"),
      markSubject("north", "er-1"),
      `$JS.API.STREAM.DELETE.${streamOf("north")}`,
      `$JS.API.STREAM.PURGE.${streamOf("south")}`,
      "$JS.API.ACCOUNT.PURGE.AUSCULT",
      "$JS.API.INFO",
      `$JS.ACK.${streamOf("north")}.core.1.1.1.1.1`,
      "auscult.refused.north.er-1",
    ])
      assert.match(await publishes(subject), /Permissions Violation for Publish/i, subject);
    for (const subject of [">", markSubject("north", "er-2"), batchSubject("north", "*"), "_INBOX.>", "$JS.API.>"])
      assert.match(await hears(subject), /Permissions Violation for Subscription/i, subject);
  });

  test("a core takes its own site, makes its stream again, and has no hand on another's", async () => {
    const { connection, publishes } = await as("core-north.json", "core", coreInboxOf("north"));
    const manager = await jetstreamManager(connection, { checkAPI: false });
    assert.notEqual(await ensureSite(manager, "north", { replicas: 1 }), "");
    assert.equal(await publishes(markSubject("north", "er-2")), "");
    for (const subject of [
      markSubject("south", "er-1"),
      batchSubject("north", "er-1"),
      `$JS.API.STREAM.DELETE.${streamOf("north")}`,
      `$JS.API.STREAM.INFO.${streamOf("south")}`,
      `$JS.API.CONSUMER.MSG.NEXT.${streamOf("south")}.core`,
    ])
      assert.match(await publishes(subject), /Permissions Violation for Publish/i, subject);
  });

  test("who set it up may delete a stream: then a core makes it again", async () => {
    const setup = await as("setup.json", "setup", SETUP_INBOX);
    const manager = await jetstreamManager(setup.connection, { checkAPI: false });
    await manager.streams.delete(streamOf("north"));
    const core = await as("core-north.json", "core", coreInboxOf("north"));
    const again = await jetstreamManager(core.connection, { checkAPI: false });
    assert.notEqual(await ensureSite(again, "north", { replicas: 1 }), "");
    assert.equal((await manager.consumers.info(streamOf("north"), "core")).name, "core");
  });

  test("doctor says what stands there, what is missing, and which holes this version has", async () => {
    const look = async (sites: string) => {
      const { stdout } = await run(
        "--data",
        folder,
        "doctor",
        "--json",
        "--broker",
        broker.url,
        "--credentials",
        join(keys, "setup.json"),
        "--sites",
        sites,
      );
      const { findings } = JSON.parse(stdout) as { findings: { about: string; state: string; words: string }[] };
      return findings
        .filter(({ about }) => /^(Broker|Site|Refused)/.test(about))
        .map(({ about, state, words }) => `${about}: ${state}: ${words}`)
        .join("\n");
    };
    const there = await look("north");
    assert.match(there, /Broker: ok: nats-server 2\.\d+\.\d+, on this computer/);
    assert.match(there, /Broker: ok: it lets nobody in without credentials/);
    assert.match(there, /Broker: note: an acknowledgment means that one node has it/);
    assert.match(there, /Site north: note: .*no core takes them just now/);
    assert.match(there, /Refused batches: ok: none/);
    assert.match(await look("west"), /Site west: wrong: nothing stands there for it/);
  });
});
