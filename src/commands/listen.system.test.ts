/** Listening on a real interface, in a network namespace of its own. Needs root, and ip, tcpdump and tcpreplay from Debian. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionState } from "../api/session.ts";
import { findProgram } from "../link/sandbox.ts";
import { simulate } from "../simulation/index.ts";
import { start } from "../testing/command.ts";
import { childrenOf } from "../testing/processes.ts";

const NAMESPACE = `auscult-${process.pid}`;
const IN_IT = ["ip", "netns", "exec", NAMESPACE];
const NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

const missing = ["ip", "tcpdump", "tcpreplay", "setpriv"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOTHING WAS LISTENED TO"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOTHING WAS LISTENED TO`
      : false;

suite("a mirror port", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-listen-"));
  const capture = join(folder, "hospital.pcap");
  let frames = 0;

  before(() => {
    const pieces = [...simulate({ seed: 3, minutes: 5, size: 60 }).capture];
    writeFileSync(capture, Buffer.concat(pieces));
    frames = Number(
      /(\d+)/.exec(execFileSync("tcpdump", ["-r", capture, "--count"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))![1],
    );
    execFileSync("ip", ["netns", "add", NAMESPACE]);
    plug();
  });
  after(() => {
    execFileSync("ip", ["netns", "delete", NAMESPACE]);
    rmSync(folder, { recursive: true });
  });

  const inIt = (...line: readonly string[]) =>
    execFileSync(IN_IT[0]!, [...IN_IT.slice(1), ...line], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  /** `switch` is where the frames of the hospital come out, `mirror` is where we listen: no address, no ARP. */
  function plug(): void {
    inIt("ip", "link", "add", "switch", "type", "veth", "peer", "name", "mirror");
    for (const name of ["switch", "mirror"]) {
      inIt("sysctl", "-qw", `net.ipv6.conf.${name}.disable_ipv6=1`);
      inIt("ip", "link", "set", name, "arp", "off", "up");
    }
  }
  const replay = () => inIt("tcpreplay", "--quiet", "--pps=20000", "-i", "switch", capture);
  const sent = () => Number(inIt("cat", "/sys/class/net/mirror/statistics/tx_packets"));
  const listen = (data: string, ...options: readonly string[]) =>
    start(["--data", join(folder, data), "listen", "mirror", "--exit", "--json", ...options], {}, { through: IN_IT });
  const framesIn = (stdout: string) => (JSON.parse(stdout) as { coverage: { frames: number } }).coverage.frames;

  test("every frame is heard and none is sent", async () => {
    const { said, ended } = listen("whole", "--seconds", "4");
    await said(/^Listening on mirror\. Nothing is sent there\./m);
    replay();
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual([framesIn(stdout), sent()], [frames, 0]);
  });

  test("Ctrl-C ends it in order: what was heard until then is kept", async () => {
    const { child, said, ended } = listen("stopped");
    await said(/^Listening/m);
    replay();
    await sleep(2_000);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.deepEqual([code, framesIn(stdout)], [0, frames]);
  });

  test("an interface that disappears is waited for, and coverage says that it was away", async () => {
    const { child, said, ended } = listen("away");
    await said(/^Listening/m);
    replay();
    await sleep(2_000);
    inIt("ip", "link", "delete", "switch");
    await said(/mirror went down or away; listening begins again/);
    plug();
    await sleep(2_000);
    replay();
    await sleep(2_000);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    assert.deepEqual([code, framesIn(stdout)], [0, 2 * frames], stderr);
    assert.match(stderr, /listening on mirror was interrupted and began again: mirror went down or away/);
  });

  test("while its interface is away it is deaf, and says so to whoever asks, until it hears again", async () => {
    inIt("ip", "link", "set", "lo", "up");
    const { child, said, ended } = start(
      ["--data", join(folder, "deaf"), "listen", "mirror", "--no-open"],
      { AUSCULT_PORT: "0" },
      { through: IN_IT },
    );
    await said(/^Listening/m);
    const url = new URL(/Page: (\S+)/.exec(await said(/Page: /))![1]!);
    const ask = `fetch("${url.origin}/api/session", { headers: { authorization: "Bearer ${url.searchParams.get("token")}" } }).then(async (it) => console.log(await it.text()))`;
    const hearing = () => (JSON.parse(inIt(process.execPath, "-e", ask)) as SessionState).hearing;
    assert.deepEqual(hearing(), { kind: "whole", since: null });
    const before = Date.now() * 1_000;
    inIt("ip", "link", "delete", "switch");
    await said(/mirror went down or away/);
    const { kind, since } = hearing();
    assert.equal(kind, "deaf");
    assert.ok(since !== null && since >= before && since <= Date.now() * 1_000, `deaf since ${since}`);
    plug();
    for (let tries = 0; hearing().kind === "deaf" && tries < 20; tries++) await sleep(250);
    assert.deepEqual(hearing(), { kind: "whole", since: null });
    child.kill("SIGINT");
    assert.equal((await ended).code, 0);
  });

  test("a sensor that is killed is started again under a new run", async () => {
    const { child, said, ended } = listen("killed");
    await said(/^Listening/m);
    const sensor = childrenOf(child.pid!).find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/sensor."));
    process.kill(sensor!, "SIGKILL");
    await said(/the sensor ended \(SIGKILL\); listening begins again now/);
    await sleep(2_000);
    replay();
    await sleep(2_000);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    assert.deepEqual([code, framesIn(stdout)], [0, frames]);
  });

  test("an interface that is not there is named, exit 3; a missing right with the line that grants it, exit 4", async () => {
    const none = await start(["--data", join(folder, "none"), "listen", "eth9", "--exit"], {}, { through: IN_IT }).ended;
    assert.deepEqual(
      [none.code, none.stderr],
      [3, "auscult: expected an interface named eth9, found none: auscult doctor lists those there are\n"],
    );
    const open = join(folder, "open");
    chmodSync(folder, 0o777);
    const refused = await start(["--data", open, "listen", "mirror", "--exit"], {}, { through: [...IN_IT, ...NOBODY] }).ended;
    assert.equal(refused.code, 4, refused.stderr);
    assert.match(
      refused.stderr,
      /^auscult: this account has no right to capture .*: sudo setcap cap_net_raw,cap_net_admin\+eip \S*tcpdump\n$/,
    );
  });
});
