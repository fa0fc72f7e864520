/**
 * Promise 3, careful: a wall is put up on a bridge through which frames go, and comes down by itself unless a person says that all is well:
 * by a process of its own, by the kernel where no process is alive, whatever is killed in between. What we did not write is left alone.
 * Needs root, and ip, nft, tcpdump and tcpreplay from Debian.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, suite, test } from "node:test";
import { withoutMemory } from "../link/firewall.ts";
import { findProgram } from "../link/sandbox.ts";
import { run, start } from "../testing/command.ts";
import { Crossing, numbered, ROUTER_MAC } from "../testing/crossing.ts";
import { macBytes, sealed, tcpFrame } from "../testing/frames.ts";
import { childrenOf, commandLineOf, until } from "../testing/processes.ts";
import { DAY, END, Recording } from "../testing/recording.ts";
import { atTerminal, type Typed } from "../testing/terminal.ts";

const missing = ["ip", "nft", "script", "tcpdump", "tcpreplay"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOBODY PUT UP A WALL"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOBODY PUT UP A WALL`
      : false;
if (skip !== false) process.stderr.write(`${skip}\n`);

/** Long enough to look at it on a busy machine, short enough to wait for. */
const SECONDS = 8;
/** Where what is put up is looked at and confirmed, however busy the machine is meanwhile. */
const AMPLE = ["--seconds", "90"] as const;
const PASSWORD = "ward four says yes to it";

const CAMERAS = "ip in 10.0.2.0/24";
const PUMPS = "ip in 10.0.1.0/24";
const VENTILATORS = "ip in 10.0.3.0/24";

/** What goes through by itself: to the camera's recorder, to its Telnet, and between two whom nobody governs. */
const [ALLOWED, DENIED, BESIDE] = [1, 2, 3];
const frames = [
  tcpFrame({ fromIp: "10.0.2.1", toIp: "10.0.0.1", to: 554, flags: "S" }, numbered(ALLOWED)),
  tcpFrame({ fromIp: "10.0.2.1", toIp: "10.0.0.1", to: 23, flags: "S" }, numbered(DENIED)),
  tcpFrame({ fromIp: "10.0.9.1", toIp: "10.0.9.2", to: 23, flags: "S" }, numbered(BESIDE)),
];

suite("a wall put up", { skip }, () => {
  let folder: string;
  let data: string;
  let crossing: Crossing;
  let wall: string;

  before(() => {
    const recording = new Recording({ after });
    recording.run("ward.pcap", {}, { first: END - 9 * DAY });
    const server = recording.endpoint("00:00:00:00:00:01", "10.0.0.1");
    recording.device([server], { name: "RECORDER", kind: "server", lifeCritical: "other" });
    const camera = recording.endpoint("00:00:00:00:02:01", "10.0.2.1");
    recording.device([camera], { name: "CAMERA-1", kind: "camera", lifeCritical: "other" });
    const pump = recording.endpoint("00:00:00:00:01:01", "10.0.1.1");
    recording.device([pump], { name: "PUMP-1", kind: "infusion pump", lifeCritical: "therapy" });
    const ventilator = recording.endpoint("00:00:00:00:03:01", "10.0.3.1");
    recording.device([ventilator], { name: "VENT-1", kind: "ventilator", lifeCritical: "life-supporting" });
    recording.conversation({ client: camera, server, port: 554, protocol: "rtsp", days: [0b11_1111_1111, 0] });
    folder = mkdtempSync(join(tmpdir(), "auscult-apply-"));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "recordings"));
    for (const end of ["", "-wal", "-shm"]) renameSync(recording.path + end, join(folder, "recordings", `ward.db${end}`));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    data = mkdtempSync(join(folder, "data-"));
    mkdirSync(join(data, "recordings"));
    for (const name of readdirSync(join(folder, "recordings")))
      writeFileSync(join(data, "recordings", name), readFileSync(join(folder, "recordings", name)));
    wall = join(data, "wall", "bridge");
    crossing = new Crossing("bridge", data);
    await crossing.listen();
  });
  afterEach(async () => {
    for (const pid of timers()) process.kill(pid, "SIGKILL");
    await crossing.close();
  });

  const policy = (text: string) => {
    const file = join(data, "ward.yaml");
    writeFileSync(file, text);
    return file;
  };
  const cameras = (state: string) => policy(policyText({ cameras: [CAMERAS, state] }));
  const yes: Typed = { after: /\(yes\/no\) $/, text: "yes" };
  const apply = (file: string, typed: readonly Typed[] = [yes], more: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) =>
    atTerminal(
      crossing.firewall.through,
      ["--data", data, "policy", "apply", file, "--on", "bridge", "--seconds", String(SECONDS), ...more],
      typed,
      { environment },
    );
  const auscult = (...args: readonly string[]) =>
    start(["--data", data, "policy", ...args], {}, { through: crossing.firewall.through }).ended;
  const through = async () => [...(await crossing.pass(frames))].toSorted();
  const table = () => withoutMemory(crossing.firewall.run("sh", "-c", "nft -s list table bridge auscult 2>/dev/null || true"));
  const states = () => readdirSync(wall).flatMap((name) => /^([a-z-]+)-\d+\.json$/.exec(name)?.[1] ?? []);
  const timers = () => crossing.firewall.pids().filter((pid) => commandLineOf(pid).includes("auscult-rollback"));

  test("unconfirmed it comes down by itself, and nothing is left that a restart would load", async () => {
    const { code, text } = await apply(cameras("enforced"));
    assert.equal(code, 0, text);
    assert.match(text, /^\+ set cameras_v4_a: 10\.0\.2\.1$/m);
    assert.deepEqual(await through(), [ALLOWED, BESIDE]);
    assert.deepEqual(states(), ["pending"]);
    assert.equal(timers().length, 1);
    await until("it to be taken back", () => states().includes("rolled-back"));
    assert.equal(table(), "");
    assert.deepEqual(await through(), [ALLOWED, DENIED, BESIDE]);
    assert.deepEqual(
      readdirSync(wall).filter((name) => name.startsWith("boot")),
      [],
    );
    assert.equal((await auscult("confirm")).code, 2);
  });

  test("confirmed it stands, is told of, and an unconfirmed one after it goes back to it to the letter", async () => {
    crossing.load("table bridge others {\n chain theirs {\n type filter hook forward priority 10; policy accept;\n }\n}\n");
    const first = await apply(cameras("enforced"));
    assert.match(first.text, /^table bridge others, chain theirs \(priority 10, policy accept\) stands on the same hook/m);
    const confirmed = await auscult("confirm");
    assert.equal(confirmed.code, 0, confirmed.stderr);
    assert.match(confirmed.stderr, /include ".*boot\.nft"/);
    await until("the process that takes it back to find nothing to do", () => timers().length === 0);
    assert.deepEqual(await through(), [ALLOWED, BESIDE]);
    const standing = table();
    assert.doesNotMatch(standing, /set live/);
    assert.ok(readFileSync(join(wall, "boot.nft"), "utf8").endsWith(standing));
    const told = await auscult("standing", "--on", "bridge");
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^rule 1\t1\t\d+\tcameras → recorder tcp 554: pictures \(rule 1 of the policy\)$/m);
    assert.match(told.stdout, /^denied\t1\t/m);

    const second = await apply(cameras("monitor"));
    assert.equal(second.code, 0, second.text);
    assert.deepEqual(await through(), [ALLOWED, DENIED, BESIDE]);
    assert.match((await auscult("standing", "--on", "bridge")).stdout, /waits to be confirmed.*\n(.*\n)*denied, monitored\t1\t/);
    await until("it to be taken back", () => states().includes("rolled-back"));
    assert.equal(table(), standing);
    assert.deepEqual(await through(), [ALLOWED, BESIDE]);

    crossing.firewall.run("nft", "add", "element", "bridge", "auscult", "cameras_v4_a", "{ 10.0.2.9 }");
    const drifted = await auscult("standing", "--on", "bridge");
    assert.equal(drifted.code, 1);
    assert.match(drifted.stdout, /somebody changed it since/);
    crossing.load(readFileSync(join(wall, "boot.nft"), "utf8"));
    assert.equal((await auscult("standing", "--on", "bridge")).code, 0);

    const back = await auscult("rollback");
    assert.equal(back.code, 0, back.stderr);
    assert.equal(table(), "");
    assert.match(crossing.firewall.run("nft", "list", "tables"), /^table bridge others$/m);
    assert.doesNotMatch(readFileSync(join(wall, "boot.nft"), "utf8"), /chain/);
  });

  test("monitored, what no rule allows is counted and goes on", async () => {
    assert.equal((await apply(cameras("monitor"))).code, 0);
    assert.deepEqual(await through(), [ALLOWED, DENIED, BESIDE]);
    const told = await auscult("standing", "--on", "bridge");
    assert.match(told.stdout, /^denied, monitored\t1\t/m);
    assert.match(told.stdout, /^denied from cameras\t1\t/m);
  });

  test("with no process alive the kernel itself takes it down", async () => {
    assert.equal((await apply(cameras("enforced"))).code, 0);
    for (const pid of timers()) for (const it of [pid, ...childrenOf(pid)]) process.kill(it, "SIGKILL");
    await until("no process of ours to be left", () => crossing.firewall.pids().length === 0);
    assert.deepEqual(await through(), [ALLOWED, BESIDE]);
    await until(
      "the elements of the gate to expire",
      () => !crossing.firewall.run("nft", "list", "set", "bridge", "auscult", "live").includes("expires"),
    );
    assert.deepEqual(await through(), [ALLOWED, DENIED, BESIDE]);
    assert.deepEqual(crossing.firewall.pids(), []);
    const { stderr } = await auscult("standing");
    assert.match(stderr, /"Ward" was taken back: nobody confirmed it in time\./);
    assert.equal(table(), "");
  });

  for (const [when, script] of [
    ["before the kernel is given the rules", 'case "$*" in "-f -") touch "$HUNG"; exec sleep 600;; esac; exec "$NFT" "$@"'],
    ["after the kernel was given the rules", '"$NFT" "$@" || exit; case "$*" in "-f -") touch "$HUNG"; exec sleep 600;; esac'],
  ] as const)
    test(`killed ${when}, all of it but the process that takes it back, it comes down`, async () => {
      const bin = join(data, "bin");
      const hung = join(data, "hung");
      mkdirSync(bin);
      writeFileSync(join(bin, "nft"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const killing = new AbortController();
      const environment = { PATH: `${bin}:${process.env["PATH"]}`, NFT: findProgram("nft"), HUNG: hung };
      const file = cameras("enforced");
      const applied = atTerminal(
        crossing.firewall.through,
        ["--data", data, "policy", "apply", file, "--on", "bridge", "--seconds", String(SECONDS)],
        [yes],
        { environment, signal: killing.signal },
      );
      await until("nft to hang", () => readdirSync(data).includes("hung"));
      const alive = timers();
      for (const pid of crossing.firewall.pids())
        if (!alive.includes(pid) && !alive.some((it) => childrenOf(it).includes(pid))) process.kill(pid, "SIGKILL");
      killing.abort();
      await applied;
      assert.deepEqual(await through(), when.startsWith("before") ? [ALLOWED, DENIED, BESIDE] : [ALLOWED, BESIDE]);
      // It inherited the program that hangs.
      writeFileSync(join(bin, "nft"), `#!/bin/sh\nexec "$NFT" "$@"\n`, { mode: 0o755 });
      await until("it to be taken back", () => states().includes("rolled-back"));
      assert.equal(table(), "");
      assert.deepEqual(await through(), [ALLOWED, DENIED, BESIDE]);
    });

  test("whoever is first decides: confirmed at the last moment it stands whole, or it is gone whole", async () => {
    const ends: string[] = [];
    for (const early of [400, 150, 0, -150]) {
      assert.equal((await apply(cameras("enforced"))).code, 0);
      const change = JSON.parse(
        readFileSync(
          join(
            wall,
            readdirSync(wall).find((name) => name.startsWith("pending"))!,
          ),
          "utf8",
        ),
      ) as { readonly id: string; readonly until: number };
      // A confirmation takes about so long until it renames.
      await until("its time to be nearly over", () => Date.now() >= change.until - 600 - early);
      const { code } = await auscult("confirm");
      await until("the process that takes it back to end", () => timers().length === 0);
      const [end] = readdirSync(wall).filter((name) => name.endsWith(`-${change.id}.json`));
      assert.equal(end, `${code === 0 ? "confirmed" : "rolled-back"}-${change.id}.json`);
      assert.deepEqual(await through(), code === 0 ? [ALLOWED, BESIDE] : [ALLOWED, DENIED, BESIDE]);
      ends.push(code === 0 ? "confirmed" : "too late");
      if (code === 0) assert.equal((await auscult("rollback")).code, 0);
      assert.equal(table(), "");
    }
    process.stderr.write(`confirmed at the last moment: ${ends.join(", ")}\n`);
  });

  test("after a restart nothing waits any more, and what was confirmed before is what the boot file loads", async () => {
    assert.equal((await apply(cameras("enforced"), [yes], AMPLE)).code, 0);
    assert.equal((await auscult("confirm")).code, 0);
    const standing = table();
    assert.equal((await apply(cameras("monitor"), [yes], AMPLE)).code, 0);
    // The kernel forgets its rules and the processes are gone; another run of it has another number.
    for (const pid of timers()) for (const it of [pid, ...childrenOf(pid)]) process.kill(it, "SIGKILL");
    crossing.load("delete table bridge auscult\n");
    const file = join(
      wall,
      readdirSync(wall).find((name) => name.startsWith("pending"))!,
    );
    writeFileSync(file, readFileSync(file, "utf8").replace(/"boot":"[^"]+"/, '"boot":"another"'));
    crossing.load(readFileSync(join(wall, "boot.nft"), "utf8"));
    assert.equal((await auscult("confirm")).code, 2);
    assert.deepEqual(states().toSorted(), ["confirmed", "rolled-back"]);
    assert.equal(table(), standing);
    assert.deepEqual(await through(), [ALLOWED, BESIDE]);
  });

  test("on a router it stands by state, and comes down by itself as well", async () => {
    const router = new Crossing("routed", mkdtempSync(join(data, "router-")));
    try {
      await router.listen();
      const at = (...args: readonly string[]) => ["--data", data, "policy", ...args];
      const routed = frames.map((frame) => {
        // A kernel that keeps state reads checksums.
        const copy = sealed(Uint8Array.from(frame));
        copy.set(macBytes(ROUTER_MAC));
        return copy;
      });
      const goesOn = async () => [...(await router.pass(routed))].toSorted();
      const up = async (state: string, more: readonly string[] = []) =>
        atTerminal(router.firewall.through, at("apply", cameras(state), "--on", "router", "--seconds", String(SECONDS), ...more), [yes]);
      const first = await up("enforced", AMPLE);
      assert.equal(first.code, 0, first.text);
      assert.deepEqual(await goesOn(), [ALLOWED, BESIDE]);
      assert.equal((await start(at("confirm"), {}, { through: router.firewall.through }).ended).code, 0);
      const standing = withoutMemory(router.firewall.run("nft", "-s", "list", "table", "inet", "auscult"));
      assert.match(standing, /ct original/);
      assert.equal((await up("monitor")).code, 0);
      assert.deepEqual(await goesOn(), [ALLOWED, DENIED, BESIDE]);
      await until("it to be taken back", () => readdirSync(join(data, "wall", "inet")).some((name) => name.startsWith("rolled-back")));
      assert.equal(withoutMemory(router.firewall.run("nft", "-s", "list", "table", "inet", "auscult")), standing);
      assert.deepEqual(await goesOn(), [ALLOWED, BESIDE]);
    } finally {
      await router.close();
    }
  });

  test("a table of our name without our mark is left alone", async () => {
    crossing.load("table bridge auscult {\n chain theirs {\n }\n}\n");
    const theirs = table();
    const { code, text } = await apply(cameras("enforced"));
    assert.equal(code, 2, text);
    assert.match(text, /got one without our mark: it is left as it is/);
    assert.equal(table(), theirs);
    assert.equal((await auscult("rollback")).code, 2);
    assert.equal(table(), theirs);
  });

  test("rules of a router that bridged traffic goes through as well are told of", async () => {
    crossing.load("table inet theirs {\n chain forwarded {\n type filter hook forward priority 0; policy drop;\n }\n}\n");
    const told = async () => (JSON.parse((await auscult("standing", "--on", "bridge", "--json")).stdout) as { walls: { others: { table: string }[] }[] }).walls[0]!.others.map((it) => it.table); // prettier-ignore
    assert.deepEqual(await told(), ["seen"]);
    crossing.firewall.type("echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables");
    assert.deepEqual(await told(), ["seen", "theirs"]);
  });

  test("only at a terminal, only one at a time, and not without yes", async () => {
    const file = cameras("enforced");
    const piped = await auscult("apply", file, "--on", "bridge");
    assert.equal(piped.code, 4);
    assert.match(piped.stderr, /expected a person at a terminal/);
    assert.notEqual((await apply(file, [{ ...yes, text: "no" }])).code, 0);
    assert.equal(table(), "");
    assert.equal((await apply(file)).code, 0);
    const again = await apply(file);
    assert.equal(again.code, 2);
    assert.match(again.text, /expected no change that waits, got one/);
  });

  test("life-supporting groups are monitored and never enforced, and nothing of theirs is stopped", async () => {
    const refused = await apply(policy(policyText({ ventilators: [VENTILATORS, "enforced"] })));
    assert.equal(refused.code, 2);
    assert.match(refused.text, /"ventilators" has 1 life-supporting device \(VENT-1\) and is enforced/);
    assert.equal(table(), "");

    assert.equal((await apply(policy(policyText({ cameras: [CAMERAS, "enforced"], ventilators: [VENTILATORS, "monitor"] })))).code, 0);
    const to = (toIp: string, number: number) => tcpFrame({ fromIp: "10.0.2.1", toIp, to: 23, flags: "S" }, numbered(number));
    assert.deepEqual([...(await crossing.pass([to("10.0.3.1", 7), to("10.0.0.1", 8)]))], [7]);
  });

  test("therapy is enforced by two, the second with the safety role and his own password", async () => {
    const file = policy(policyText({ pumps: [PUMPS, "enforced"] }));
    const accounts = async (name: string, role: string) => {
      const { child, ended } = start(["--data", data, "account", "add", name, "--role", role]);
      child.stdin.end(`${PASSWORD}\n`);
      assert.equal((await ended).code, 0);
    };
    await accounts("anna.lind", "safety");
    await accounts("bo.berg", "admin");
    const alone = await apply(file);
    assert.equal(alone.code, 2);
    assert.match(alone.text, /"pumps" treats patients: expected --second with an account that has the safety role/);
    assert.equal((await apply(file, [], ["--second", "bo.berg"])).code, 2);
    const password = (text: string): Typed => ({ after: /Password of anna\.lind, who has seen this: $/, text });
    assert.equal((await apply(file, [password("not the password at all"), yes], ["--second", "anna.lind"])).code, 4);
    assert.equal(table(), "");
    const both = await apply(file, [password(PASSWORD), yes], ["--second", "anna.lind", ...AMPLE]);
    assert.equal(both.code, 0, both.text);
    assert.doesNotMatch(both.text, new RegExp(PASSWORD));
    assert.equal((await auscult("confirm")).code, 0);
    const log = await run("--data", data, "account", "log", "--json");
    assert.match(log.stdout, /"what":"wall put up","about":"Ward, auscult [0-9a-f]{16}, with anna\.lind"/);
    assert.match(log.stdout, /"what":"wall confirmed"/);
  });
});

/** Each group may speak RTSP to the recorder. */
function policyText(groups: Readonly<Record<string, readonly [select: string, state: string]>>): string {
  const lines = Object.entries(groups).map(
    ([name, [select, state]]) => `  ${name}: { select: "${select}", states: { everywhere: ${state} } }\n`,
  );
  const rules = Object.keys(groups).map(
    (name) => `  - allow: ${name} → recorder\n    service: tcp 554\n    because: pictures\n    origin: said\n`,
  );
  return `policy: Ward\ngroups:\n${lines.join("")}  recorder: { select: "ip in 10.0.0.0/24", governs: false }\nrules:\n${rules.join("")}`;
}
