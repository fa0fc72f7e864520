import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { backup, besideIn } from "../store/backup.ts";
import { openForWriting } from "../store/database.ts";
import { PolicyFolder } from "./policy-folder.ts";
import { keptBeside, putBeside } from "./walls-kept.ts";

const BY = { who: "anna.lind", why: "the new pumps" };
const WALL: Readonly<Record<string, string>> = {
  "wall/bridge/confirmed-000000000000001.json": '{"id":"000000000000001"}\n',
  "wall/bridge/000000000000001.members.json": '{"policy":"x"}\n',
  "wall/bridge/rollback-000000000000001.nft": "table bridge auscult\n",
  "wall/bridge/opening-000000000000002.json": '{"used":[]}\n',
  "wall/inet/boot.nft": "\n",
};
const TEXT = `policy: Pumps
groups:
  pumps:
    select: kind = "infusion pump"
  server:
    select: kind = "pump server"
rules:
  - allow: pumps → server
    service: tcp 443
    because: charting
`;

/** A data directory with two policies, one of them written twice, and walls. */
function site(work: (data: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "auscult-beside-"));
  const data = join(folder, "data");
  try {
    mkdirSync(data);
    const policies = new PolicyFolder(data);
    policies.write("Ward 4", TEXT, BY);
    policies.write("Ward 4", TEXT.replace("tcp 443", "tcp 8443"), BY);
    policies.write("Theatre", TEXT, BY);
    for (const [name, text] of Object.entries(WALL)) write(join(data, name), text);
    work(data, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const all = (data: string) => Object.fromEntries(["policies", "wall/bridge", "wall/inet"].flatMap((it) => readdirSync(join(data, it)).map((name) => [`${it}/${name}`, readFileSync(join(data, it, name)).toString("base64")]))); // prettier-ignore

/** What lies beside a recording, through the file of a backup. */
function through(data: string, folder: string, damage: (bytes: Buffer) => void = () => {}): ReturnType<typeof besideIn> {
  const [path, file] = [join(folder, "main.db"), join(folder, "main.backup")];
  openForWriting(path, "main").release();
  backup(path, file, keptBeside(data));
  const bytes = readFileSync(file);
  damage(bytes);
  writeFileSync(file, bytes);
  return besideIn(file);
}

test("policies, their history, members, roll-backs and openings come back to the byte", () => {
  site((data, folder) => {
    const other = join(folder, "other");
    mkdirSync(other);
    const before = all(data);
    const back = putBeside(other, through(data, folder), false);
    assert.deepEqual([back.put, back.left, existsSync(join(other, "policies"))], [["policies", "wall"], [], false], "nothing yet");
    back.now();
    assert.deepEqual(all(other), before);
    assert.equal(statSync(join(other, "wall/inet/boot.nft")).mode & 0o777, 0o600);
    const { changes, trouble } = new PolicyFolder(other).history("Ward 4");
    assert.deepEqual([changes.map(({ number, who }) => [number, who]), trouble], [[[2, BY.who], [1, BY.who]], null]); // prettier-ignore
    new PolicyFolder(other).undo("Ward 4", 2, BY);
    assert.equal(new PolicyFolder(other).text("Ward 4"), TEXT, "and one can go back");
  });
});

test("what is there is left unless asked, and is kept beside when it is replaced; the same again is nothing", () => {
  site((data, folder) => {
    const beside = through(data, folder);
    assert.deepEqual([putBeside(data, beside, false).put, putBeside(data, beside, false).left], [[], []]);
    new PolicyFolder(data).remove("Theatre", BY);
    assert.deepEqual([putBeside(data, beside, false).put, putBeside(data, beside, false).left], [[], ["policies"]]);
    const over = putBeside(data, beside, true);
    over.now();
    assert.deepEqual(over.put, ["policies"]);
    assert.equal(new PolicyFolder(data).text("Theatre"), TEXT);
    assert.deepEqual(readdirSync(join(data, "policies.before")).toSorted(), ["Ward 4.yaml", "history.db"]);
  });
});

test("a wall that waits is in no backup, and is never replaced", () => {
  site((data, folder) => {
    const waits = "wall/bridge/pending-000000000000003.json";
    const before = through(data, folder);
    write(join(data, waits), "{}\n");
    assert.ok(!keptBeside(data).some(({ name }) => name === waits));
    assert.deepEqual(putBeside(data, before, false).left, ["wall"]);
    assert.throws(() => putBeside(data, before, true), /expected no wall that waits to be confirmed here/);
  });
});

test("what is damaged is refused with its place, and what leads elsewhere at all", () => {
  site((data, folder) => {
    assert.throws(() => through(data, folder, (bytes) => bytes.writeUInt8(bytes.at(-1)! ^ 1, bytes.length - 1)), /is damaged between byte \d+ and \d+/); // prettier-ignore
    for (const name of ["../x", "policies/../../x", "wall/other/x", "/etc/passwd", "policies/.x"])
      assert.throws(() => putBeside(join(folder, "elsewhere"), [{ name, bytes: Buffer.from("x") }], true), /expected policies and walls/);
    const history = new DatabaseSync(join(data, "policies", "history.db"));
    history.exec("DROP TRIGGER change_is_not_changed; UPDATE change SET why = 'another' WHERE number = 2");
    history.close();
    assert.throws(() => keptBeside(data), /^Error: change 2 of the policies is not what was written: the chain breaks there$/);
  });
});
