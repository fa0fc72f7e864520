/** Families of the site's own: used at the next start, shown where one was used, and refused with their place where they are broken. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { run } from "../testing/command.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const EXAMPLE = join(ROOT, "docs", "families-example.tsv");
/** In it a monitor of Acme says "Monitor 7", which is in no table of ours. */
const CAPTURE = join(ROOT, "fixtures", "lldp", "neighbors.pcap");
const HEAD = "maker\tmodels\tfamily\tkind\tsource\n";

const folder = mkdtempSync(join(tmpdir(), "auscult-families-"));
after(() => rmSync(folder, { recursive: true }));

/** A data directory, and the site's file in it. */
function site(name: string): { readonly data: string; readonly file: string } {
  const data = join(folder, name);
  mkdirSync(join(data, "knowledge"), { recursive: true });
  return { data, file: join(data, "knowledge", "families.tsv") };
}

interface Inventory {
  readonly devices: readonly { readonly model: { readonly value: string } | null; readonly kind: { readonly value: string } | null }[];
}

async function kindOfMonitor(data: string): Promise<{ readonly kind: string | undefined; readonly stderr: string }> {
  const { code, stdout, stderr } = await run("--data", data, "open", CAPTURE, "--exit", "--json");
  assert.equal(code, 0, stderr);
  const { devices } = JSON.parse(stdout) as Inventory;
  return { kind: devices.find(({ model }) => model?.value === "Monitor 7")!.kind?.value, stderr };
}

suite("families of the site's own", { concurrency: 2 }, () => {
  test("one is used at the next start, with its line; a broken line is refused, and what was worked out before is worked out anew", async () => {
    const { data, file } = site("ward");
    const before = await kindOfMonitor(data);
    assert.notEqual(before.kind, "patient monitor");
    assert.doesNotMatch(before.stderr, /famil/);

    copyFileSync(EXAMPLE, file);
    const { kind, stderr } = await kindOfMonitor(data);
    assert.equal(kind, "patient monitor");
    assert.match(stderr, new RegExp(`^3 families of the site's own serve: ${file}$`, "m"));
    const { stdout } = await run("--data", data, "device", "Monitor 7");
    assert.match(stdout, /Monitor 7 is a patient monitor of Acme, says line 3 of the site's own families/);

    writeFileSync(file, `${HEAD}Acme\tDrip 1\tDrip\tdripper\tlabel\nAcme\tMonitor 7\tMonitor\tprinter\tlabel\n`);
    const changed = await kindOfMonitor(data);
    assert.equal(changed.kind, "printer");
    const refused = `${file}:2:18: kind: expected a kind of device that is in docs/families.md, got "dripper"`;
    const sum = `1 family of the site's own serves, 1 line is refused: ${file}`;
    assert.ok(changed.stderr.includes(`${refused}\n${sum}\n`), changed.stderr);

    const doctor = await run("--data", data, "doctor", "--json");
    assert.equal(doctor.code, 1);
    const { findings } = JSON.parse(doctor.stdout) as { findings: { about: string }[] };
    assert.deepEqual(
      findings.find(({ about }) => about === "Families"),
      { about: "Families", state: "wrong", words: sum, cure: [refused] },
    );
  });

  test("ours and the site's are listed, each with its source", async () => {
    const { data, file } = site("listed");
    copyFileSync(EXAMPLE, file);
    const { code, stdout, stderr } = await run("--data", data, "families");
    const lines = stdout.split("\n");
    assert.deepEqual([code, stderr], [0, `3 families of the site's own serve: ${file}\n`]);
    assert.equal(lines[1], "Acme\tMonitor 7; Monitor 8\tMonitor\tpatient monitor\tthe site's own, line 3\tlabel on the device, ward 4B");
    assert.ok(lines.some((line) => line.startsWith("Philips\tIntelliVue") && line.split("\t")[4] === "Auscult"));
    const document = JSON.parse((await run("--data", data, "families", "--json")).stdout) as {
      readonly site: object;
      readonly families: readonly { readonly line: number | null; readonly source: string }[];
    };
    assert.deepEqual(document.site, { file, serving: 3, refused: 0, troubles: [] });
    assert.deepEqual(document.families.slice(2, 4).map(({ line }) => line), [5, null]); // prettier-ignore
    assert.ok(document.families.every(({ source }) => source !== ""));
  });

  test("a file is checked before it is put there: exit 0 or 2, what is wrong on stdout", async () => {
    assert.deepEqual(await run("families", "check", EXAMPLE), {
      code: 0,
      stdout: "",
      stderr: `3 families of the site's own serve: ${EXAMPLE}\n`,
    });
    const file = join(folder, "broken.tsv");
    writeFileSync(file, `${HEAD}Acme\t(a+)+$\tA\tprinter\tlabel\nAcme\tB 1\tB\tprinter\tlabel\n`);
    assert.deepEqual(await run("families", "check", file), {
      code: 2,
      stdout: `${file}:2:6: models: expected a model as the device says it, with * at its end for any rest, got "(a+)+$", a pattern of another kind\n`,
      stderr: `auscult: 1 family of the site's own serves, 1 line is refused: ${file}\n`,
    });
  });

  test("a file that is none is refused whole, and ours serve", async () => {
    const large = join(folder, "large.tsv");
    writeFileSync(large, HEAD);
    truncateSync(large, 100_000_000);
    for (const [file, got] of [
      [folder, "expected a text file, got a folder"],
      [join(folder, "nowhere.tsv"), "expected a text file, got no such file or folder"],
      [large, "expected at most 500 kB, got 100000 kB"],
    ] as const)
      assert.deepEqual(await run("families", "check", file), {
        code: 2,
        stdout: `${file}: ${got}\n`,
        stderr: `auscult: 0 families of the site's own serve, the file is refused: ${file}\n`,
      });
    const { data, file } = site("folder");
    // A link that leads nowhere is no file that is not there.
    symlinkSync(join(folder, "nowhere.tsv"), file);
    assert.match((await run("--data", data, "families")).stderr, /expected a text file, got no such file or folder\n0 families/);
    rmSync(file);
    mkdirSync(file);
    const { code, stdout, stderr } = await run("--data", data, "families");
    assert.deepEqual(
      [code, stdout.includes("the site's own"), stderr],
      [0, false, `${file}: expected a text file, got a folder\n0 families of the site's own serve, the file is refused: ${file}\n`],
    );
  });
});
