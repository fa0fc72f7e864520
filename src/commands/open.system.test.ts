/** The real program on what goes wrong with captures: each a clear line, the documented exit code, and everything read so far kept. */
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import { aboutRecording } from "../store/about.ts";
import { run, start } from "../testing/command.ts";
import { bytes, ethernet, FIRST_AT, IP_A, IP_B, ipv4, pcapFile, pcapngFile, u32, udpFrame, type Frame } from "../testing/frames.ts";
import { inventoryOf, opened } from "../testing/opened.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-open-"));
after(() => rmSync(folder, { recursive: true }));

const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** One UDP datagram a second between two machines. */
const traffic = (count: number, from = 0): Frame[] =>
  Array.from({ length: count }, (_, i) => ({ bytes: udpFrame({ from: 5000, to: 6000 }), at: FIRST_AT + (from + i) * 1e6 }));

let files = 0;
function file(content: Uint8Array | string, name = `capture-${++files}.pcap`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

let folders = 0;
const data = () => join(folder, `data-${++folders}`);

interface Inventory {
  readonly coverage: { readonly frames: number; readonly from: string | null };
  readonly devices: readonly { readonly ips: readonly string[] }[];
}

suite("captures that are not as they should be", { concurrency: 2 }, () => {
  test("an empty file, a text and a path that leads nowhere: each is said, nothing is recorded, exit 3", async () => {
    const { code, stdout, stderr } = await run(
      "--data",
      data(),
      "open",
      file("", "empty.pcap"),
      file("pumps of ward 4\n", "text.pcap"),
      join(folder, "none"),
      "--exit",
    );
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, /empty\.pcap: expected a capture \(pcap or pcapng\), got nothing: it is empty\n/);
    assert.match(stderr, /text\.pcap: expected a capture \(pcap or pcapng\), got text/);
    assert.match(stderr, /none: expected a file or a folder, found none of this name\n/);
  });

  test("a file cut in the middle of a record: what came before is kept, the frame and byte are named, exit 3", async () => {
    const whole = pcapFile(traffic(5));
    const { code, stdout, stderr } = await run(
      "--data",
      data(),
      "open",
      file(whole.subarray(0, whole.length - 10), "cut.pcap"),
      "--exit",
      "--json",
    );
    assert.equal(code, 3);
    assert.match(stderr, /cut\.pcap: half-read after frame 4: expected a whole record at byte \d+, .*What came before it is kept\.\n/);
    const { coverage, devices } = JSON.parse(stdout) as Inventory;
    assert.deepEqual([coverage.frames, devices.flatMap((it) => it.ips)], [4, [IP_A, IP_B]]);
  });

  test("a packed capture with garbage after it is read to its last frame, and that is said, exit 3", async () => {
    const packed = file(bytes(gzipSync(pcapFile(traffic(5))), new Uint8Array(3_000).fill(7)), "garbage.pcap.gz");
    const { code, stdout, stderr } = await run("--data", data(), "open", packed, "--exit", "--json");
    assert.equal(code, 3);
    assert.match(stderr, /garbage\.pcap\.gz: half-read after frame 5: expected whole gzip data, got .* near byte \d+ of the file\./);
    assert.equal((JSON.parse(stdout) as Inventory).coverage.frames, 5);
  });

  test("a record that claims four gigabytes ends the reading there, exit 3", async () => {
    const whole = pcapFile(traffic(3));
    const record = (whole.length - PCAP_HEADER_BYTES) / 3;
    whole.set(bytes(u32(0xffff_ffff, true), u32(0xffff_ffff, true)), PCAP_HEADER_BYTES + 2 * record + RECORD_HEADER_BYTES / 2);
    const { code, stdout, stderr } = await run("--data", data(), "open", file(whole), "--exit", "--json");
    assert.equal(code, 3);
    assert.match(stderr, /half-read after frame 2: expected .*4294967295/);
    assert.equal((JSON.parse(stdout) as Inventory).coverage.frames, 2);
  });

  test("a folder with one bad file among good ones: the good are read, the bad is named, exit 3", async () => {
    const ring = join(folder, "ring");
    mkdirSync(ring);
    for (const [name, from] of [
      ["a.pcap", 0],
      ["c.pcap", 20],
    ] as const)
      writeFileSync(join(ring, name), pcapFile(traffic(10, from)));
    writeFileSync(join(ring, "b.pcap"), "not a capture");
    const { code, stdout, stderr } = await run("--data", data(), "open", ring, "--exit", "--json");
    assert.equal(code, 3);
    assert.match(stderr, /b\.pcap: expected a capture/);
    assert.equal((JSON.parse(stdout) as Inventory).coverage.frames, 20);
  });

  test("a capture of no packets is one: it says that nothing was in it, exit 0", async () => {
    const { code, stdout, stderr } = await run("--data", data(), "open", file(pcapFile([])), "--exit", "--json");
    assert.equal(code, 0);
    assert.match(stderr, /a capture with nothing in it: 0 frames/);
    assert.deepEqual((JSON.parse(stdout) as Inventory).coverage.from, null);
  });

  test("time that goes backwards loses no frame", async () => {
    const { outcomes } = await opened(data(), file(pcapFile(traffic(20).toReversed())));
    assert.deepEqual([outcomes[0]!.frames, outcomes[0]!.trouble], [20, undefined]);
  });

  test("a tunnel in a tunnel, a hundred times, is one frame", async () => {
    let packet = ipv4({ protocol: 17 }, new Uint8Array(8));
    for (let layer = 0; layer < 100; layer++) packet = ipv4({ protocol: 4 }, packet);
    const { outcomes } = await opened(data(), file(pcapFile([ethernet({ type: 0x0800 }, packet)])));
    assert.deepEqual([outcomes[0]!.frames, outcomes[0]!.trouble], [1, undefined]);
  });

  test("the same traffic as pcap and as pcapng is the same inventory to the byte", async () => {
    const frames = traffic(30);
    const [pcap, pcapng] = [file(pcapFile(frames)), file(pcapngFile(frames), "same.pcapng")];
    const document = async (path: string) => inventoryOf((await opened(data(), path)).path);
    assert.equal(await document(pcapng), await document(pcap));
  });

  test("files of a ring that overlap are read each, and which do is said", async () => {
    const [first, second] = [file(pcapFile(traffic(20)), "ring-1.pcap"), file(pcapFile(traffic(20, 10)), "ring-2.pcap")];
    const { code, stdout, stderr } = await run("--data", data(), "open", second, first, "--exit", "--json");
    assert.deepEqual([code, (JSON.parse(stdout) as Inventory).coverage.frames], [0, 40]);
    assert.match(stderr, /ring-1\.pcap and ring-2\.pcap overlap in time/);
  });

  test("a file that grows while it is read is read to the end it has then, and that is said", async () => {
    const more = pcapFile(traffic(1_000)).subarray(PCAP_HEADER_BYTES);
    const path = file(Buffer.concat([pcapFile([]), ...Array.from({ length: 50 }, () => more)]));
    const growing = setInterval(() => appendFileSync(path, more), 20);
    const { code, stdout, stderr } = await run("--data", data(), "open", path, "--exit", "--json");
    clearInterval(growing);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /was still being written; it was read as far as it was then/);
    assert.ok((JSON.parse(stdout) as Inventory).coverage.frames > 50_000);
  });

  test("a recording of a newer version is left alone, exit 5", async () => {
    const own = data();
    mkdirSync(join(own, "recordings"), { recursive: true });
    const newer = new DatabaseSync(join(own, "recordings", "tomorrow.db"));
    newer.exec("CREATE TABLE device (id INTEGER); PRAGMA user_version = 999");
    newer.close();
    const { code, stdout, stderr } = await run("--data", own, "open", file(pcapFile(traffic(1)), "tomorrow.pcap"), "--exit");
    assert.deepEqual([code, stdout], [5, ""]);
    assert.match(
      stderr,
      /^auscult: expected a recording of version \d+ or older, got version 999 in .*tomorrow\.db: a newer Auscult wrote it\n$/,
    );
  });
});

suite("reading again", { concurrency: 2 }, () => {
  test("the same file again counts once, says how much was stored, and gives the same inventory to the byte", async () => {
    const own = data();
    const path = file(pcapFile(traffic(100)));
    const first = await opened(own, path);
    const document = await inventoryOf(first.path);
    const again = await run("--data", own, "open", path, "--exit", "--json");
    assert.equal(first.outcomes[0]!.storedBefore, 0);
    assert.match(again.stderr, /: [1-9]\d* batch(es)? stored by an earlier reading; counted once/);
    assert.deepEqual([again.code, again.stdout], [0, document]);
  });

  test("another capture of the same name is a recording of its own", async () => {
    const own = data();
    const [ward, other] = [join(folder, "here"), join(folder, "there")];
    for (const [at, count] of [
      [ward, 3],
      [other, 7],
    ] as const) {
      mkdirSync(at);
      writeFileSync(join(at, "ward.pcap"), pcapFile(traffic(count)));
      await opened(own, join(at, "ward.pcap"));
    }
    const of = (name: string) => aboutRecording(join(own, "recordings", `${name}.db`)).runs.length;
    assert.deepEqual([of("ward"), of("ward-2")], [1, 1]);
  });

  test("into a site, its dates are shown first; into the sample nothing goes", async () => {
    const own = data();
    const path = file(pcapFile(traffic(3)));
    await run("--data", own, "open", path, "--into", "north", "--exit");
    const later = await run("--data", own, "open", file(pcapFile(traffic(3, 100))), "--into", "north", "--exit");
    assert.match(
      later.stderr,
      /^north: heard from 2024-01-01 00:00:00 to 2024-01-01 00:00:02; what is added begins at 2024-01-01 00:01:40\.\n/,
    );
    assert.doesNotMatch(later.stderr, /counts twice/);
    assert.equal(aboutRecording(join(own, "recordings", "north.db")).runs.length, 2);
    const again = await run("--data", own, "open", path, "--into", "north", "--exit");
    assert.doesNotMatch(again.stderr, /counts twice/, "the same file counts once");
    writeFileSync(path, pcapFile(traffic(5)));
    const grown = await run("--data", own, "open", path, "--into", "north", "--exit");
    assert.ok(
      grown.stderr.includes(
        `\n${path}: begins within what was heard. What both hold counts twice, also where this is a file that has grown`,
      ),
      grown.stderr,
    );
    const sample = await run("--data", own, "open", path, "--into", "sample-hospital", "--exit");
    assert.deepEqual(
      [sample.code, sample.stderr],
      [2, 'auscult: --into: expected a site, got "sample-hospital", which is made up and never mixes with what was heard\n'],
    );
  });
});

suite("how it ends", { concurrency: 2 }, () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} ends the reading in order: what was heard is kept, exit ${code}`, async () => {
      const own = data();
      const { child, ended } = start(["--data", own, "open", "-", "--exit", "--json"]);
      child.stdin.write(pcapFile(traffic(300)));
      const path = join(own, "recordings", "standard-input.db");
      await until(() => aboutRecording(path).devices > 0);
      child.kill(signal);
      const { code: exit, stdout, stderr } = await ended;
      assert.equal(exit, code, stderr);
      assert.match(stderr, /Stopped before the end: \d+ frames are kept/);
      assert.deepEqual(
        (JSON.parse(stdout) as Inventory).devices.flatMap((it) => it.ips),
        [IP_A, IP_B],
      );
    });
  }

  test("a port that is taken gives way to a free one, which is said; Ctrl-C ends the page with exit 0", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((listening) => taken.on("listening", listening));
    const { port } = taken.address() as AddressInfo;
    const { child, said, ended } = start(["--data", data(), "open", file(pcapFile(traffic(3)), "page.pcap"), "--no-open"], {
      AUSCULT_PORT: String(port),
    });
    await said(/devices,/);
    const text = await said(/Page: /);
    taken.close();
    assert.match(text, new RegExp(`Port ${port} is taken by another program; the page is on \\d+ instead\\.`));
    const url = /Page: (\S+)/.exec(text)![1]!;
    const token = new URL(url).searchParams.get("token");
    const page = await fetch(new URL("/api/session", url), { headers: { authorization: `Bearer ${token}` } });
    assert.equal(((await page.json()) as { recording: string }).recording, "page");
    child.kill("SIGINT");
    assert.equal((await ended).code, 0);
  });

  test("whoever reads no further (| head) ends it in silence", async () => {
    const { child, ended } = start(["--data", data(), "open", file(pcapFile(traffic(3))), "--exit"]);
    child.stdout.destroy();
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /EPIPE|defect/);
  });

  test("a recording that another process writes is refused with where that one can be asked, exit 5", async () => {
    const own = data();
    const path = file(pcapFile(traffic(3)), "busy.pcap");
    const first = start(["--data", own, "open", path, "--no-open"], { AUSCULT_PORT: "0" });
    await first.said(/devices,/);
    const page = /Page: (\S+)\/\?token/.exec(await first.said(/Page: /))![1]!;
    const second = await run("--data", own, "open", path, "--exit");
    assert.equal(second.code, 5);
    assert.ok(second.stderr.includes(page) && !second.stderr.includes("token"), second.stderr);
    first.child.kill("SIGTERM");
    assert.equal((await first.ended).code, 0);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (;;) {
    try {
      if (holds()) return;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
