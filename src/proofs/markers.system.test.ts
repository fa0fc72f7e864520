/**
 * Patients, staff, visitors and secrets end in the parser: those of a capture full of them are searched in every byte the program writes,
 * says or answers, while it runs, when it is done and when it crashes.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import pino from "pino";
import { api } from "../api/index.ts";
import { newToken } from "../api/token.ts";
import { readSettings } from "../config.ts";
import { Core } from "../core.ts";
import { callsFor } from "../link/contacts.ts";
import { letterOf } from "../link/outputs/mail-text.ts";
import type { Protocol } from "../model/protocol.ts";
import { protocols } from "../protocols/index.ts";
import { openReader } from "../reader.ts";
import { LocalSession } from "../session.ts";
import { run, start } from "../testing/command.ts";
import { pcapFile } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { marked } from "../testing/marked.ts";
import { sensorOf, until } from "../testing/processes.ts";
import { Search } from "../testing/search.ts";
import { storedBatches } from "../testing/stored.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-markers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const { frames, markers, told } = marked();
const search = new Search(markers);
const capture = pcapFile(frames);
const file = join(folder, "ward.pcap");
writeFileSync(file, capture);

const DOCUMENTED = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "docs", "openapi.json"), "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};
/** An answer that never ends; what it tells is the session's state. */
const ENDLESS = "/api/events";
/** Of no model in the capture its maker said anything: there is no letter to search. Its own test holds what stands in one. */
const LETTER = "/api/devices/{id}/disclosure/letter";
/** Those with names stand last. */
const DEVICES_ASKED = 12;

test("every marker is in the capture, and the search finds each of its spellings, packed or not", () => {
  for (const marker of markers) assert.notDeepEqual(new Search([marker]).in(capture), [], marker);
  const one = new Search([markers[0]!]);
  const noise = Buffer.from("what stands before and after it");
  for (const { bytes, as } of one.spellings) {
    const planted = Buffer.concat([noise, bytes, noise]);
    for (const written of [planted, gzipSync(planted), zstdCompressSync(planted), zstdCompressSync(gzipSync(planted))])
      assert.ok(
        one.in(written).some((it) => it.includes(as)),
        as,
      );
  }
  assert.deepEqual(search.in(noise), []);
});

test("a parser that leaks is found in the batches and in the recording", () => {
  const leaky = protocols.map((it): Protocol => {
    if (it.name !== "hl7") return it;
    const read: Protocol["read"] = (message, report, context) => {
      it.read(message, report, context);
      report.observe(context.sender, "description", Buffer.from(message).toString("latin1"));
    };
    return { ...it, read };
  });
  const heard = (of: readonly Protocol[]) => {
    const ear = new Ear({ protocols: of });
    for (const { bytes } of frames) ear.frame(bytes);
    return ear.end();
  };
  const batches = heard(leaky);
  assert.match(search.in(Buffer.from(JSON.stringify(batches))).join(), /Zzpatientadmission/);
  assert.deepEqual(search.in(Buffer.from(JSON.stringify(heard(protocols)))), []);

  const leaking = join(folder, "leaking");
  mkdirSync(leaking);
  const core = new Core({ path: join(leaking, "ward.db"), site: "main", ownRanges: [] });
  for (const batch of batches) core.take(batch);
  core.settle();
  assert.match(written(leaking).join(), /ward\.db.*: Zzpatientadmission/, "while it is open");
  core.close();
  assert.match(written(leaking).join(), /ward\.db: Zzpatientadmission/);
});

test("nothing of them is on stdout, on stderr or in a file when a capture is read, a device shown, and all of it copied", async () => {
  const data = join(folder, "commands");
  const said = async (...args: string[]) => {
    const { code, stdout, stderr } = await run("--data", data, ...args);
    assert.equal(code, 0, stderr);
    assert.deepEqual(search.in(Buffer.from(`${stdout}\n${stderr}`)), [], args.join(" "));
  };
  await said("open", file, "--exit", "--json");
  await said("device", "archive-7");
  await said("backup", join(data, "ward.backup"));
  assert.deepEqual(written(data), []);
  const recording = readFileSync(join(data, "recordings", "ward.db"), "latin1");
  for (const word of told) assert.ok(recording.includes(word), `expected to be told of ${word}`);
});

test("nothing of them is in an answer, a log or a file while the page is served", async () => {
  const data = join(folder, "page");
  mkdirSync(data);
  const logged: string[] = [];
  const session = new LocalSession({ dataDirectory: data, settings: readSettings(data, {}), log: (text) => logged.push(text), openReader });
  const logger = pino({ level: "trace" }, { write: (line: string) => void logged.push(line) });
  const token = newToken("tester");
  const host = "127.0.0.1:4180";
  const app = await api({ token, session, webRoot: join(folder, "no pages"), logger }, () => new Set([host]));
  const ask = async (method: "GET" | "POST" | "PUT", url: string, payload?: object) => {
    const headers = { host, authorization: `Bearer ${token}` };
    const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    assert.deepEqual(search.in(answer.rawPayload), [], `${method} ${url}`);
    assert.ok(answer.statusCode < 300, `${method} ${url}: ${answer.statusCode} ${answer.body}`);
    return answer;
  };
  try {
    await session.openFiles([file]);
    await session.finished();
    await ask("POST", "/api/devices/d1/said", { attribute: "location", value: "Ward 3", reason: "I was there" });
    await ask("PUT", "/api/views", { name: "mine", filter: "hl7", sort: "name", descending: false, columns: ["kind"] });
    const { text } = (await ask("POST", "/api/policies/report", { text: null, file: "mine" })).json<{ text: string }>();
    await ask("PUT", "/api/policies/mine", { text, reason: "as learned" });
    const { rows } = (await ask("GET", "/api/devices?limit=1000")).json<{ rows: { id: string; maker: { value: string } | null }[] }>();
    assert.ok(rows.length > 100, `expected the machines of the capture, got ${rows.length}`);
    await ask("POST", "/api/do-not-scan/said", { about: "d1", word: "list", reason: "its maker says so" });
    await ask("POST", "/api/recalls", { title: "all of a maker", maker: rows.find(({ maker }) => maker !== null)?.maker?.value });
    const found = (await ask("GET", "/api/findings")).json<{ rows: { id: string }[] }>().rows;
    assert.ok(found.length > 0, "expected something to be found, whose frames and words are searched too");
    for (const finding of (await session.recording()!.findings({ states: [], offset: 0, limit: 1_000 })).rows) {
      const { subject, text: letter } = letterOf([{ finding, site: "main" }], { page: "", callsFor: (party) => callsFor([], party, 12) });
      assert.deepEqual(search.in(Buffer.from(`${subject}\n${letter}`)), [], `a mail of ${finding.id}`);
    }
    const wrong = (await ask("GET", "/api/weaknesses")).json<{ rows: { name: string }[] }>().rows;
    assert.ok(wrong.length > 0, "expected something to be wrong with a device, whose words are searched too");
    for (const [path, methods] of Object.entries(DOCUMENTED.paths)) {
      if (!("get" in methods) || path === ENDLESS || path === LETTER) continue;
      const asked = path.startsWith("/api/findings") ? found : rows.slice(-DEVICES_ASKED);
      for (const { id } of path.includes("{id}") ? asked : [{ id: "" }])
        await ask(
          "GET",
          `${path
            .replace("{id}", id)
            .replace("{name}", encodeURIComponent(path.startsWith("/api/weaknesses") ? wrong[0]!.name : "mine"))
            .replace("{number}", "1")
            .replace("{to}", "csv")
            .replace("{as}", "html")}${path.endsWith("/facets") ? "?fields=kind,maker,model,os,location" : ""}`,
        );
    }
    // With all that is known of devices drawn: the file, its tables and what the page shows of it.
    await ask("GET", "/api/report.html?for=auditor&sample=100");
    await ask("GET", "/api/report.csv?for=security&sample=100");
    await ask("POST", "/api/reports", { for: "biomed", sample: 100 });
    assert.deepEqual(written(data), [], "while it is open");
    assert.deepEqual(search.in(Buffer.from(JSON.stringify(session.state()))), []);
  } finally {
    await app.close();
    await session.close();
  }
  assert.deepEqual(written(data), [], "when it is closed");
  assert.deepEqual(search.in(Buffer.from(logged.join("\n"))), []);
});

test(
  "nothing of them is in what is left when the sensor and then the core crash",
  { skip: process.platform !== "linux" && "finds the sensor in /proc" },
  async () => {
    const data = join(folder, "crash");
    mkdirSync(data);
    // Reports and cores go to where it was started; as many as there can be.
    const reports = "--report-on-fatalerror --report-on-signal --report-uncaught-exception";
    const program = start(["--data", data, "open", "-", "--exit"], { NODE_OPTIONS: reports }, { cwd: data });
    program.child.stdin.write(capture);
    const recording = join(data, "recordings", "standard-input.db");
    try {
      await until("something is stored", () => storedBatches(recording).size > 0);
      process.kill(sensorOf(program.child.pid!)!, "SIGABRT");
      await program.said(/the sensor ended/);
      program.child.kill("SIGUSR2");
      await until("a report of the core", () => readdirSync(data).some((name) => name.startsWith("report.")));
    } finally {
      program.child.kill("SIGABRT");
    }
    const { stdout, stderr } = await program.ended;
    assert.deepEqual(search.in(Buffer.from(`${stdout}\n${stderr}`)), []);
    assert.deepEqual(written(data), []);
  },
);

/** Every file below, searched whole: pages nobody uses any more are in it too. */
function written(below: string): string[] {
  return readdirSync(below, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(below, name)).isFile())
    .flatMap((name) => search.in(readFileSync(join(below, name))).map((it) => `${name}: ${it}`));
}
