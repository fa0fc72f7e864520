/** `auscult findings test --to all` at real receivers, the mail server among them one that others wrote (Debian's aiosmtpd). */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, suite, test } from "node:test";
import { makeCertificate } from "../accounts/certificate.ts";
import { readSettings } from "../config.ts";
import { sendingOf } from "../link/outputs/index.ts";
import { findCaptures } from "../link/files.ts";
import { openReaderThread } from "../link/reader-thread.ts";
import { LocalSession } from "../session.ts";
import { run } from "../testing/command.ts";
import { arp, ethernet, FIRST_AT, pcapFile } from "../testing/frames.ts";

/** Debian's own: another Python on the path may lack the package. */
const PYTHON = "/usr/bin/python3";
const isThere = spawnSync(PYTHON, ["-c", "import aiosmtpd"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "auscult-findings-test-"));
after(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

interface Kept {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string;
  readonly encrypted: boolean;
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly defects: readonly string[];
}

suite("outputs at real receivers", { skip: !isThere && "needs python3-aiosmtpd: NO MAIL WAS SENT" }, async () => {
  const { certificate, key } = makeCertificate(["localhost", "127.0.0.1"], Date.now());
  const ca = inFolder("certificate.pem", certificate);
  const program = join(import.meta.dirname, "..", "testing", "aiosmtpd-server.py");
  const server = spawn(PYTHON, [program, ca, inFolder("key.pem", key), "auscult", "p w"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const told = async <It>() => JSON.parse((await lines.next()).value as string) as It;
  const { port } = await told<{ readonly port: number }>();
  const received = createHttp((request, response) => void request.resume().on("end", () => response.writeHead(202).end()));
  const refusing = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  received.listen(0, "127.0.0.1");
  await Promise.all([once(received, "listening"), once(refusing, "listening")]);
  after(async () => {
    received.close();
    refusing.close();
    server.stdin.end();
    if (server.exitCode === null) await once(server, "close");
  });
  const portOf = (it: { address(): unknown }) => (it.address() as AddressInfo).port;

  const dataOf = (name: string, more: Readonly<Record<string, string>>) => {
    const data = join(folder, name);
    mkdirSync(data);
    const settings = {
      outputMail: `smtp://localhost:${port}`,
      outputMailTo: "biomed@hospital.example",
      outputMailFrom: "auscult@hospital.example",
      outputMailUser: "auscult",
      outputMailPassword: inFolder(`${name}-password`, "p w\n"),
      outputCa: ca,
      ...more,
    };
    const text = Object.entries(settings).map(([setting, value]) => `${setting}: ${JSON.stringify(value)}\n`);
    writeFileSync(join(data, "settings.yaml"), text.join(""));
    return data;
  };

  test("each output's answer is shown, the mail arrives marked TEST and reads as it was written, and nobody is hidden who did not take it", async () => {
    const file = join(folder, "findings.ndjson");
    const data = dataOf("all", {
      outputMailTo: "biomed@hospital.example, it@hospital.example",
      outputFile: file,
      outputWebhook: `http://127.0.0.1:${portOf(received)}/`,
      outputWebhookKey: inFolder("webhook-key", "k".repeat(32)),
    });
    const { code, stdout, stderr } = await run("findings", "test", "--to", "all", "--data", data);
    assert.equal(code, 0, stderr);
    const rows = stdout.trim().split("\n").map((row) => row.split("\t")); // prettier-ignore
    assert.deepEqual(rows.slice(1), [
      ["webhook", `http://127.0.0.1:${portOf(received)}/`, "yes", "answered 202"],
      ["file", file, "yes", "written"],
      ["mail", `biomed@hospital.example by localhost:${port}`, "yes", "answered 250 2.0.0 kept"],
      ["mail", `it@hospital.example by localhost:${port}`, "yes", "answered 250 2.0.0 kept"],
    ]);
    assert.match(stderr, /4 of 4 took the finding marked TEST\./);
    const mails = [await told<Kept>(), await told<Kept>()];
    assert.deepEqual(mails.flatMap(({ to }) => to).toSorted(), ["biomed@hospital.example", "it@hospital.example"]);
    for (const { subject, text, user, encrypted, defects } of mails) {
      assert.deepEqual([subject, user, encrypted, defects], ["TEST: Auscult: low, site main: A finding that is none", "auscult", true, []]); // prettier-ignore
      assert.match(text, /^TEST: nothing happened, somebody tries whether findings arrive\.\r\n/);
    }
    assert.match(readFileSync(file, "utf8"), /TEST/);

    writeFileSync(join(folder, "all-password"), "wrong");
    const refused = await run("findings", "test", "--to", "mail", "--data", data);
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^mail\t.*\tno\tInvalid login: 535/m);
    assert.match(refused.stderr, /0 of 2 took the finding marked TEST\./);
    const down = dataOf("down", { outputMail: `smtp://127.0.0.1:${portOf(refusing)}` });
    const { code: failed, stdout: answers } = await run("findings", "test", "--to", "all", "--json", "--data", down);
    assert.equal(failed, 1);
    const { outputs } = JSON.parse(answers) as {
      outputs: readonly { readonly name: string; readonly taken: boolean; readonly answer: string }[];
    };
    assert.deepEqual(
      outputs.map(({ name, taken }) => [name, taken]),
      [["mail", false]],
    );
    assert.match(outputs[0]!.answer, /closed/);
  });

  test("what the site hears goes from its frames to the mailbox, with what to do and where to look", async () => {
    const data = dataOf("heard", { outputPage: "https://auscult.example", outputMailTo: "ward@hospital.example" });
    writeFileSync(join(data, "contacts.csv"), "who,call\nKüng Biomed,4711\n");
    const frame = ethernet(
      { type: 0x0806, from: "00:09:fb:00:00:01", to: "ff:ff:ff:ff:ff:ff" },
      arp(1, ["00:09:fb:00:00:01", "10.0.0.1"], ["00:00:00:00:00:00", "10.0.0.200"]),
    );
    const path = join(folder, "storm.pcap");
    // Six seconds of 1,000 a second, and one frame after them.
    writeFileSync(path, pcapFile(Array.from({ length: 6_001 }, (_, at) => ({ bytes: frame, at: FIRST_AT + at * 1e3 }))));
    const settings = { ...readSettings(data, {}), outputMailSeverity: "low" as const };
    const said: string[] = [];
    const sending = sendingOf(data, settings, (text) => said.push(text));
    const session = new LocalSession({
      dataDirectory: data,
      settings,
      log: (text) => said.push(text),
      openReader: openReaderThread,
      sending,
    });
    await session.read(await findCaptures([path]), { recording: "main", site: "main" });
    await session.finished();
    let kept = await told<Kept>();
    while (!kept.to.includes("ward@hospital.example")) kept = await told<Kept>();
    const { subject, text, id, defects } = kept;
    const { rows } = await session.recording()!.findings({ states: ["new"], offset: 0, limit: 9 });
    await session.close();
    assert.deepEqual([defects, said], [[], []]);
    assert.match(id, /^<[0-9a-f]{32}@hospital\.example>$/);
    assert.match(subject, /^Auscult: /);
    const storm = rows.find(({ detector }) => detector === "segment-storm")!;
    for (const words of [
      storm.title,
      storm.summary,
      storm.remedy,
      "3. Call Küng Biomed, 4711",
      `Evidence: https://auscult.example/findings/${storm.id}`,
    ])
      assert.ok(text.includes(words), `expected "${words}" in: ${text}`);
  });
});
