/** What `npm run deb` makes, on a Debian 12 with nothing else installed: by its own apt and dpkg, which find there what it depends on. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import { BareDebian, bareDebianMissing } from "../testing/bare-debian.ts";

const ROOT = join(import.meta.dirname, "../..");
const CONFIGURATION = "/etc/auscult/auscult.env";
const DATA = "/var/lib/auscult";
const PROGRAM = "/usr/lib/auscult";
const SAID_BY_ITS_OWNER = 'AUSCULT_OPTIONS="--listen eth1"\n';
const skip = bareDebianMissing("dpkg-deb", "gzip");

let work: string;
let debian: BareDebian;

before(() => {
  if (skip) return;
  work = mkdtempSync(join(tmpdir(), "auscult-deb-test-"));
  made("now");
  debian = new BareDebian();
  copyFileSync("/etc/resolv.conf", debian.path("/etc/resolv.conf"));
  writeFileSync(debian.path("/usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  debian.run("apt-get", "-qq", "update");
});
after(() => {
  if (skip) return;
  debian.delete();
  rmSync(work, { recursive: true });
});

test(
  "Debian's own checker finds no error in it",
  { skip: skip || (findProgram("lintian") === undefined && "expected lintian to be installed") },
  () => {
    execFileSync("lintian", ["--allow-root", "--fail-on", "error", join(work, "now.deb")], { stdio: ["ignore", "pipe", "pipe"] });
  },
);

test("the same source gives the same bytes", { skip }, () => {
  made("again");
  assert.ok(readFileSync(join(work, "now.deb")).equals(readFileSync(join(work, "again.deb"))), "expected the same bytes");
});

test("installed: an account that owns its data and none of the program, and all of it starts", { skip }, (t) => {
  withVersion("0.0.1~before", "before");
  apt("install", "before");
  assert.equal(debian.run("dpkg-query", "--show", "--showformat", "${Version} ${Status}", "auscult"), "0.0.1~before install ok installed");
  assert.equal(debian.run("stat", "-c", "%U %a", DATA), "auscult 700\n");
  const mayChange = debian.run(
    "find",
    PROGRAM,
    "/etc/auscult",
    "/usr/bin/auscult",
    "(",
    "-user",
    "auscult",
    "-o",
    "-perm",
    "-o+w",
    "!",
    "-type",
    "l",
    ")",
  );
  assert.equal(mayChange, "");
  assert.equal(debian.run("dpkg", "--verify", "auscult"), "");
  assert.match(debian.run("getent", "passwd", "auscult"), /:\/var\/lib\/auscult:\/usr\/sbin\/nologin$/m);
  t.diagnostic(`installed: ${debian.run("du", "-sm", PROGRAM).split("\t")[0]} MB in ${PROGRAM}`);

  asAuscult("simulate", "--out", "/tmp/sample.pcap");
  asAuscult("open", "/tmp/sample.pcap", "--exit");
  assert.notEqual(devices(), 0);
});

test("upgraded over data: recordings, settings and what its owner configured stay", { skip }, () => {
  const before = devices();
  writeFileSync(debian.path(CONFIGURATION), SAID_BY_ITS_OWNER);
  apt("install", "now");
  assert.doesNotMatch(debian.run("dpkg-query", "--show", "auscult"), /before/);
  assert.equal(readFileSync(debian.path(CONFIGURATION), "utf8"), SAID_BY_ITS_OWNER);
  assert.equal(devices(), before);
});

test("removed: the program is gone, what was heard and configured stays, and is found by the next", { skip }, () => {
  const before = devices();
  apt("remove");
  for (const path of [PROGRAM, "/usr/bin/auscult", "/lib/systemd/system/auscult.service"])
    assert.equal(existsSync(debian.path(path)), false, path);
  assert.ok(readdirSync(debian.path(DATA)).includes("recordings"));
  assert.equal(readFileSync(debian.path(CONFIGURATION), "utf8"), SAID_BY_ITS_OWNER);
  apt("install", "now");
  assert.equal(devices(), before);
});

test("purged: nothing of it stays but the account, whose number no other may get", { skip }, () => {
  apt("purge");
  for (const path of [PROGRAM, DATA, "/etc/auscult"]) assert.equal(existsSync(debian.path(path)), false, path);
  assert.match(debian.run("getent", "passwd", "auscult"), /^auscult:/);
});

function made(name: string): void {
  const folder = join(work, name);
  execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/build-deb.ts"), folder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  copyFileSync(join(folder, readdirSync(folder)[0]!), join(work, `${name}.deb`));
}

/** What is there now as another version would be, with another text in what its owner may change. */
function withVersion(version: string, name: string): void {
  const tree = join(work, "tree");
  execFileSync("dpkg-deb", ["--raw-extract", join(work, "now.deb"), tree]);
  const control = join(tree, "DEBIAN/control");
  writeFileSync(control, readFileSync(control, "utf8").replace(/^Version: .*$/m, `Version: ${version}`), { mode: statSync(control).mode });
  writeFileSync(join(tree, CONFIGURATION), 'AUSCULT_OPTIONS=""\n');
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z1", "--build", tree, join(work, `${name}.deb`)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  rmSync(tree, { recursive: true });
}

function apt(what: "install" | "remove" | "purge", name?: string): void {
  const inside = `/tmp/${name}.deb`;
  if (name !== undefined) copyFileSync(join(work, `${name}.deb`), debian.path(inside));
  const keeps = ["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"];
  debian.run("apt-get", "-y", "-qq", "--no-install-recommends", ...keeps, what, name === undefined ? "auscult" : inside);
}

function asAuscult(...args: readonly string[]): string {
  const account = ["setpriv", "--reuid", "auscult", "--regid", "auscult", "--clear-groups", "--"];
  return debian.run(...account, "env", "HOME=/tmp", `AUSCULT_DATA=${DATA}`, "auscult", ...args);
}

function devices(): number {
  return (JSON.parse(asAuscult("devices", "--json")) as { readonly devices: readonly object[] }).devices.length;
}
