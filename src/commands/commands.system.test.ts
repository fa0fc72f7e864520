/** The commands that answer from recordings, as a person or a script would call them. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, suite, test } from "node:test";
import { openWriter } from "../link/recording.ts";
import { run, start } from "../testing/command.ts";
import { IP_A, IP_B, pcapFile, udpFrame } from "../testing/frames.ts";
import { inventoryOf, opened } from "../testing/opened.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-commands-"));
const data = join(folder, "data");
const recording = join(data, "recordings", "ward.db");
after(() => rmSync(folder, { recursive: true }));

before(async () => {
  const file = join(folder, "ward.pcap");
  writeFileSync(file, pcapFile(Array.from({ length: 5 }, () => udpFrame({ from: 5000, to: 6000 }))));
  await opened(data, file);
  const writer = await openWriter(recording, { site: "main", ownRanges: [] });
  await writer.say({ who: "lind", reason: "seen on the ward", device: "d1", attribute: "names", value: "Pump 7" });
  await writer.close();
});

const auscult = (...args: readonly string[]) => run("--data", data, ...args);

suite("commands", { concurrency: 2 }, () => {
  test("devices behind a pipe are lines with tabs; a filter that cannot be read names its column, exit 2", async () => {
    const { code, stdout, stderr } = await auscult("devices", "--filter", `ip = ${IP_A}`);
    assert.deepEqual([code, stderr], [0, "Recording ward.\n"]);
    const [head, ...rows] = stdout.trimEnd().split("\n");
    assert.equal(head!.split("\t")[0], "Id");
    assert.deepEqual([rows.length, rows[0]!.split("\t").slice(0, 2)], [1, ["d1", "Pump 7"]]);
    const wrong = await auscult("devices", "--filter", "ip == 5");
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /^auscult: --filter at column \d+: expected /);
  });

  test("who is outside the hospital's own networks is not listed, but how many there are is said, and how they are listed", async () => {
    const own = join(folder, "outside");
    mkdirSync(own);
    writeFileSync(join(own, "settings.yaml"), `ownRanges: [${IP_A}/32]\n`);
    const file = join(folder, "north ward.pcap");
    writeFileSync(file, pcapFile(Array.from({ length: 5 }, () => udpFrame({ from: 5000, to: 6000 }))));
    const { path } = await opened(own, file);
    const { stdout, stderr } = await run("--data", own, "devices");
    assert.ok(stdout.includes(IP_A) && !stdout.includes(IP_B), stdout);
    assert.match(
      stderr,
      /^1 outside the hospital's own networks is not listed: auscult devices --recording north-ward --filter 'standing = outside'$/m,
    );
    const outside = await run("--data", own, "devices", "--filter", "standing = outside");
    assert.ok(outside.stdout.includes(IP_B) && !outside.stdout.includes(IP_A), outside.stdout);
    const { devices } = JSON.parse(await inventoryOf(path)) as { devices: { ips: string[] }[] };
    assert.deepEqual(devices.flatMap((it) => it.ips).toSorted(), [IP_A, IP_B], "the document has all");
  });

  test("color is for a terminal, and for a pipe where it is asked for, whatever the environment wishes", async () => {
    for (const [when, environment, isColored] of [
      ["auto", {}, false],
      ["always", { NO_COLOR: "1" }, true],
      ["never", { FORCE_COLOR: "1" }, false],
    ] as const) {
      const { child, ended } = start(["--data", data, "--color", when, "devices"], environment);
      child.stdin.end();
      const { stdout, stderr } = await ended;
      assert.equal(stdout.includes("\u001b[1mPump 7\u001b[22m\t"), isColored, when);
      assert.equal(stdout.includes("\u001b"), isColored, when);
      assert.doesNotMatch(stderr, /warning/i);
    }
  });

  test("devices as one document", async () => {
    const { total, devices } = JSON.parse((await auscult("devices", "--json", "--limit", "1")).stdout) as {
      total: number;
      devices: unknown[];
    };
    assert.deepEqual([total > 1, devices.length], [true, 1]);
  });

  test("a device is found by its id, address or name, and shown with its evidence; two that fit are named", async () => {
    for (const wanted of ["d1", IP_A, "pump 7"]) {
      const { code, stdout } = await auscult("device", wanted);
      assert.equal(code, 0);
      assert.match(
        stdout,
        /^Pump 7 {3}d1 {3}care class not known\nWe do not know yet what this is\. It talks to 1 other and answers on no service that was heard\. Heard until /,
      );
      assert.match(stdout, /Name\tPump 7\tsaid by lind\t/);
      assert.match(stdout, new RegExp(`to ${IP_B.replaceAll(".", "\\.")}\t`));
    }
    const both = await auscult("device", "10.0.0");
    assert.equal(both.code, 2);
    assert.match(both.stderr, /"10\.0\.0" fits 2 devices: .*d1 \(Pump 7\)/);
    const none = await auscult("device", "ventilator");
    assert.match(none.stderr, /found none for "ventilator"/);
  });

  test("a backup is restored beside the recording, never over it unless asked; a damaged one is refused", async () => {
    const file = join(folder, "monday.backup");
    assert.equal((await auscult("backup", file, "--recording", "ward")).code, 0);
    const over = await auscult("restore", file);
    assert.equal(over.code, 2);
    assert.match(over.stderr, /the recording ward is there already: --replace/);
    const other = join(folder, "other data");
    assert.match((await run("--data", other, "restore", file)).stderr, /as the recording ward: /);
    assert.equal((await run("--data", other, "devices")).stdout, (await auscult("devices", "--recording", "ward")).stdout);

    const bytes = readFileSync(file);
    bytes[bytes.length - 100]! ^= 0xff;
    writeFileSync(join(folder, "damaged.backup"), bytes);
    const damaged = await auscult("restore", join(folder, "damaged.backup"), "--recording", "damaged");
    assert.equal(damaged.code, 3);
    assert.match(damaged.stderr, /is damaged between byte \d+ and \d+/);
    assert.equal(existsSync(join(data, "recordings", "damaged.db")), false);
  });

  test("a path that leads nowhere is one line: what was expected, what came, exit 2", async () => {
    const nowhere = join(folder, "nowhere", "file");
    for (const [words, said] of [
      [["backup", nowhere], `expected a place to write to, got no such file or folder: ${nowhere}`],
      [["backup", join(recording, "file")], `expected a place to write to, got no folder: ${join(recording, "file")}`],
      [["restore", nowhere], `expected a backup of Auscult, got no such file or folder: ${nowhere}`],
      [["restore", nowhere, "--recording", "other"], `expected a backup of Auscult, got no such file or folder: ${nowhere}`],
      [["restore", folder], `expected a backup of Auscult, got a folder: ${folder}`],
      [
        ["simulate", "--out", nowhere, "--minutes", "1", "--size", "5"],
        `expected a place to write to, got no such file or folder: ${nowhere}`,
      ],
    ] as const) {
      const { code, stdout, stderr } = await auscult(...words);
      assert.deepEqual([code, stdout, stderr], [2, "", `auscult: ${said}\n`]);
    }
  });

  test("doctor finds the change that is not what was written, exit 1", async () => {
    const other = join(folder, "tampered");
    const file = join(folder, "again.backup");
    await auscult("backup", file, "--recording", "ward");
    await run("--data", other, "restore", file, "--recording", "ward");
    const well = await run("--data", other, "doctor");
    assert.match(well.stdout, /ok\tRecording ward\t/);
    const database = new DatabaseSync(join(other, "recordings", "ward.db"));
    database.exec("DROP TRIGGER change_is_not_changed; UPDATE change SET value = 'Pump 8' WHERE number = 1");
    database.close();
    const { code, stdout } = await run("--data", other, "doctor", "--json");
    assert.equal(code, 1);
    const { findings } = JSON.parse(stdout) as { findings: { about: string; state: string; words: string }[] };
    assert.deepEqual(
      findings.filter((it) => it.state === "wrong").map((it) => [it.about, it.words]),
      [["Recording ward", "change 1 is not what was written: the chain breaks there"]],
    );
    assert.ok(findings.some((it) => it.about === "Confinement"));
  });

  test("wrong use is exit 2 with one line, and a word that was nearly right is suggested", async () => {
    const typo = await run("opne", "ward.pcap");
    assert.deepEqual([typo.code, typo.stdout], [2, ""]);
    assert.match(typo.stderr, /^auscult: unknown command 'opne'\n\(Did you mean open\?\)\n$/);
    assert.equal((await run("devices", "--limit", "many")).code, 2);
    const database = await run("store", "setup", "--database", "mysql://keeper:hunter2@db.example/x");
    assert.deepEqual([database.code, database.stderr], [2, 'auscult: --database: expected postgres://USER@HOST/NAME, got "mysql://…@db.example/x"\n']); // prettier-ignore
    assert.match(
      (await auscult("devices", "--recording", "south")).stderr,
      /^auscult: expected a recording, one of .*ward.*, got "south"\n$/,
    );
    assert.match((await run("--data", join(folder, "nothing"), "devices")).stderr, /no recording in .* yet: auscult open FILE/);
  });

  test(
    "where nothing can be written that is said in one line, exit 2; an answer cut off is no answer",
    { skip: !existsSync("/dev/full") },
    async () => {
      for (const words of [
        ["--help"],
        ["--version"],
        ["devices"],
        ["device", "d1", "--json"],
        ["open", join(folder, "ward.pcap"), "--exit", "--json"],
      ]) {
        const full = start(["--data", data, ...words], {}, { through: ["sh", "-c", 'exec "$@" > /dev/full', "sh"] });
        full.child.stdin.end();
        const { code, stderr } = await full.ended;
        assert.equal(code, 2, words.join(" "));
        assert.match(stderr, /^auscult: expected a place to write to, got a full disk\n$/m);
        assert.equal(stderr.match(/auscult: /g)!.length, 1);
      }
    },
  );

  test("a field to sort by that is none is no fault of the filter, and a hospital too large to be made is refused, exit 2", async () => {
    for (const filter of ["", "ip == 5"]) {
      const { code, stdout, stderr } = await auscult("devices", "--sort", "kynd", "--filter", filter);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /^auscult: --sort: expected a field to sort by \(.*\), got "kynd" \(did you mean kind\?\)\n$/);
    }
    const out = join(folder, "large.pcap");
    for (const [words, said] of [
      [["--minutes", "1e9"], /^auscult: --minutes: expected at most \d+ minutes of \d+ devices, got 1000000000\n$/],
      [["--size", "1e-9", "--minutes", "1e9"], /^auscult: --minutes: expected at most \d+ minutes of /],
      [["--size", "1e6"], /^auscult: --size: expected at most 50000 devices, got 1000000\n$/],
      [["--size", "50000", "--minutes", "31"], /^auscult: --minutes: expected at most 30 minutes of 50000 devices, got 31\n$/],
    ] as const) {
      const { code, stderr } = await run("simulate", "--out", out, ...words);
      assert.equal(code, 2);
      assert.match(stderr, said);
    }
    assert.equal(existsSync(out), false);
  });

  test("wrong settings are exit 5, with their line and column", async () => {
    const own = join(folder, "settings");
    mkdirSync(own);
    writeFileSync(join(own, "settings.yaml"), "site: main\nport: ninety\n");
    const { code, stderr } = await run("--data", own, "open", recording, "--exit");
    assert.equal(code, 5);
    assert.match(stderr, /settings\.yaml:2:1: expected a port from 0 to 65535, got "ninety"\n$/);
  });

  test("a hospital is simulated to the same bytes, and is a capture that opens", async () => {
    const [one, two] = [join(folder, "one.pcap"), join(folder, "two.pcap")];
    for (const out of [one, two]) assert.equal((await run("simulate", "--out", out, "--minutes", "1", "--size", "20")).code, 0);
    assert.ok(readFileSync(one).equals(readFileSync(two)));
    const again = await run("simulate", "--out", one);
    assert.deepEqual(
      [again.code, again.stderr],
      [2, `auscult: expected a new file, got one that is there: ${one} (--force writes over it)\n`],
    );
    assert.equal((await run("simulate", "--out", one, "--minutes", "1", "--size", "10", "--force")).code, 0);
    assert.ok(!readFileSync(one).equals(readFileSync(two)));
    assert.ok((JSON.parse(readFileSync(join(folder, "one.json"), "utf8")) as { devices: unknown[] }).devices.length > 0);
  });

  test("protocols come from the list the sensor reads by, and completion knows commands and recordings", async () => {
    assert.match(
      (await run("protocols")).stdout,
      /\ntelnet\tTCP 23 2323\t\tThe greeting, that a log-in was typed, and whether it was taken\.\n/,
    );
    assert.match((await run("completion", "bash")).stdout, /^# bash completion for auscult/);
    assert.match((await auscult("complete", "--", "")).stdout, /^open\t/m);
  });
});
