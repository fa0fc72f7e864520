/**
 * Is it us? A pump and its server in namespaces, a wall on the bridge between them, and Auscult listening where the pump is plugged in: a
 * rule is broken on purpose, then the server is stopped on purpose, and the service desk is answered. A group is opened for a stated time
 * and closes, also when everything of ours was killed meanwhile. Needs root, and ip, nft, tcpdump, script and curl from Debian.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import { start, type Running } from "../testing/command.ts";
import { Namespace } from "../testing/namespace.ts";
import { until } from "../testing/processes.ts";
import { atTerminal, type Typed } from "../testing/terminal.ts";

const missing = ["ip", "nft", "script", "tcpdump", "curl"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOBODY WAS ASKED WHETHER IT IS US"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOBODY WAS ASKED WHETHER IT IS US`
      : false;
if (skip !== false) process.stderr.write(`${skip}\n`);

const [PUMP, SERVER] = ["10.0.1.1", "10.0.0.1"];
/** What the issue allows from the moment that something is wrong to the answer. */
const ANSWER_MS_MAX = 10_000;
const OPEN_SECONDS = 20;
const SERVE =
  'const [port] = process.argv.slice(1); require("node:http").createServer((_, answer) => answer.end("library 7")).listen(Number(port), () => console.log("up"))';
const yes: Typed = { after: /\(yes\/no\) $/, text: "yes" }; // prettier-ignore

/** Where others work on this machine as well, all takes so many times as long. */
const slowedBy = () => Math.max(1, loadavg()[0]! / availableParallelism());

suite("is it us", { skip }, () => {
  const data = mkdtempSync(join(tmpdir(), "auscult-is-it-us-"));
  const [pump, firewall, server] = ["pump", "firewall", "server"].map((name) => new Namespace(`us-${name}`)) as [Namespace, Namespace, Namespace]; // prettier-ignore
  const running: ChildProcess[] = [];
  let listening: Running;

  before(async () => {
    chmodSync(data, 0o755);
    for (const space of [pump, firewall, server])
      space.type("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1", "ip link set dev lo up");
    firewall.type(
      "ip link add hub type bridge",
      "for it in /proc/sys/net/bridge/bridge-nf-call-*tables; do if [ -e $it ]; then echo 0 > $it; fi; done",
      `ip link add to-pump type veth peer name eth0 netns ${pump.name}`,
      `ip link add to-server type veth peer name eth0 netns ${server.name}`,
      "ip link set dev to-pump master hub up && ip link set dev to-server master hub up && ip link set dev hub up",
    );
    for (const [space, ip] of [[pump, PUMP], [server, SERVER]] as const) space.type(`ip address add ${ip}/16 dev eth0`, "ip link set dev eth0 up"); // prettier-ignore
    await serve(80);
    listening = start(["--data", data, "listen", "to-pump", "--exit", "--json"], {}, { through: firewall.through });
    await listening.said(/^Listening on to-pump/m);
    await until("the pump to reach its server", () => reaches(80));
    policy("right", 80);
    await untilAnswered("the pump to be heard", async () => (await why("right")).code === 0);
  });
  after(async () => {
    for (const child of running) child.kill("SIGKILL");
    for (const space of [pump, firewall, server]) {
      for (const pid of space.pids()) process.kill(pid, "SIGKILL");
      await until("it to end", () => space.pids().length === 0);
      space.delete();
    }
    rmSync(data, { recursive: true, force: true });
  });

  async function serve(port: number): Promise<ChildProcess> {
    const [command, ...through] = server.through;
    const child = spawn(command!, [...through, process.execPath, "-e", SERVE, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
    running.push(child);
    await once(child.stdout, "data");
    return child;
  }
  /** Asks as a pump does, and waits no longer than a second. */
  function reaches(port: number): boolean {
    try {
      return pump.run("curl", "-s", "--max-time", "1", `http://${SERVER}:${port}/`) === "library 7";
    } catch {
      return false;
    }
  }
  const fileOf = (name: string) => join(data, `${name}.yaml`);
  function policy(name: string, port: number): void {
    writeFileSync(
      fileOf(name),
      `policy: ${name}\ngroups:\n  pumps: { select: 'ip in 10.0.1.0/24', states: { everywhere: enforced } }\n  server: { select: 'ip = ${SERVER}', governs: false }\nrules:\n  - { allow: pumps → server, service: tcp ${port}, because: drug library }\n`,
    );
  }
  const auscult = (...args: readonly string[]) => start(["--data", data, "policy", ...args], {}, { through: firewall.through }).ended;
  const why = (name: string) => auscult("why", PUMP, "--policy", fileOf(name));
  async function stand(name: string): Promise<void> {
    const applied = await atTerminal(firewall.through, ["--data", data, "policy", "apply", fileOf(name), "--on", "bridge"], [yes]);
    assert.equal(applied.code, 0, applied.text);
    const confirmed = await auscult("confirm");
    assert.equal(confirmed.code, 0, confirmed.stderr);
  }
  async function untilAnswered(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!(await isSo())) if (performance.now() > deadline) throw new Error(`expected within 60 s: ${what}`);
  }
  /** Asked until the answer begins so; the first line, and milliseconds since `from`. */
  async function answered(name: string, begins: RegExp, from: number) {
    let said = "";
    await untilAnswered(String(begins), async () => {
      // Whoever does not get through tries again.
      assert.equal(reaches(80), false);
      return begins.test((said = (await why(name)).stdout));
    });
    return { said, line: said.split("\n")[0]!, took: performance.now() - from };
  }

  test("one rule broken on purpose: yes, with the rule; one server stopped on purpose: no, with the reason", async () => {
    await stand("right");
    assert.ok(reaches(80));
    assert.match((await why("right")).stdout, /^No: our wall stopped nothing to or from /);

    policy("broken", 8080);
    await stand("broken");
    const broken = performance.now();
    assert.equal(reaches(80), false);
    const first = await answered("broken", /^Yes/, broken);
    assert.match(first.line, new RegExp(`^Yes: our wall stopped .*${PUMP.replaceAll(".", "\\.")}.* → .* tcp 80, last at \\d\\d:\\d\\d:\\d\\d UTC; between the two rule 1 \\(pumps → server tcp 8080\\) allows only that`)); // prettier-ignore
    assert.match(first.said, /^Since .* by this machine's clock\.\nOur wall was asked: its counters are live\.$/m);
    assert.match(first.said, /allow: pumps → server, service: tcp 80/);

    await stand("right");
    const [web] = running;
    web!.kill("SIGKILL");
    await once(web!, "exit");
    const stopped = performance.now();
    assert.equal(reaches(80), false);
    const second = await answered("right", /itself refused/, stopped);
    assert.match(second.line, /^No: our wall stopped nothing to or from .* itself refused tcp 80 from .*, which rule 1 allows, and nobody else was heard answered by it/);
    await serve(80);
    assert.ok(reaches(80));
    process.stderr.write(`${first.line}\n  ${Math.round(first.took)} ms after the rule was broken\n${second.line}\n  ${Math.round(second.took)} ms after the server was stopped\n`);
    const slower = slowedBy();
    for (const { took } of [first, second]) assert.ok(took <= ANSWER_MS_MAX * slower, `expected an answer within ${ANSWER_MS_MAX} ms, ${slower.toFixed(1)} times that while others work here, got ${took}`);
  }); // prettier-ignore

  test("what each rule counted is saved beside the policy, and answers elsewhere", async () => {
    const saved = await auscult("counters", fileOf("right"), "--save");
    assert.equal(saved.code, 0, saved.stderr);
    const counts = JSON.parse(readFileSync(join(data, "right.counters.json"), "utf8")) as { readonly rules: readonly { readonly packets: number; readonly answers: number; readonly service: string }[] }; // prettier-ignore
    const [rule] = counts.rules;
    assert.equal(rule!.service, "tcp 80");
    assert.ok(rule!.answers > 0 && rule!.packets > rule!.answers, JSON.stringify(rule));
    const { stdout } = await auscult("counters", fileOf("right"));
    assert.match(stdout, /^rule 1\t[\d,]+\t[\d,]+\t[\d,]+\tpumps → server tcp 80$/m);
    assert.match((await auscult("counters", fileOf("broken"))).stdout, /^no more in the text\t\d+\t/m);
    const elsewhere = await auscult("why", PUMP, "--policy", fileOf("right"), "--counters", join(data, "right.counters.json"));
    assert.match(elsewhere.stdout, /^No: our wall stopped nothing .*(\n.*)*\nSince .* by the recording's clock\.\n/);
  });

  test("a group opened for a stated time closes by itself, also when all of ours was killed, and what used it is told", async () => {
    await serve(8081);
    assert.equal(reaches(8081), false);
    assert.equal((await auscult("open", "server", "--for", "5m", "--reason", "x")).code, 2);
    const opened = await auscult("open", "pumps", "--for", `${OPEN_SECONDS}s`, "--reason", "the new library");
    const from = performance.now();
    assert.equal(opened.code, 0, opened.stderr);
    assert.ok(reaches(8081));
    assert.equal((await auscult("open", "pumps", "--for", "5m", "--reason", "x")).code, 2);
    assert.equal((await auscult("standing", "--on", "bridge")).code, 0, "an opening is no change that somebody else made");
    for (const pid of firewall.pids()) process.kill(pid, "SIGKILL");
    await listening.ended;
    await until("nothing of ours to be left", () => firewall.pids().length === 0);
    assert.ok(reaches(8081), "it is open still");
    await until("the kernel to close it", () => !reaches(8081));
    const took = (performance.now() - from) / 1_000;
    assert.ok(took > OPEN_SECONDS - 3 && took < OPEN_SECONDS + 6 * slowedBy(), `closed after ${took} s`);
    assert.deepEqual(firewall.pids(), []);
    assert.ok(reaches(80), "what a rule allows goes on");
    const told = await auscult("standing", "--on", "bridge");
    assert.match(told.stderr, /"pumps" is closed since .*: 1 way was used\./);
    assert.match(told.stdout, new RegExp(`^"pumps" was open from .*: the new library\\n  used it: ${PUMP} → ${SERVER} tcp 8081, \\d+ packets, last `, "m")); // prettier-ignore
    process.stderr.write(`closed by itself ${took.toFixed(1)} s after it was opened for ${OPEN_SECONDS} s\n`);

    const again = await auscult("open", "pumps", "--for", "5m", "--reason", "again");
    assert.equal(again.code, 0, again.stderr);
    assert.ok(reaches(8081));
    const closed = await auscult("close", "pumps");
    assert.equal(closed.code, 0, closed.stderr);
    assert.match(closed.stdout, new RegExp(`^${PUMP} → ${SERVER} tcp 8081, `));
    assert.equal(reaches(8081), false);
  });
});
