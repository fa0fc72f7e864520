/**
 * Passwords tried at real servers, a machine that turns to many, firmware pushed: found as real programs do it, each once, within two seconds of
 * packet time after the tenth refusal, the eighth machine, the first datagram; and a clumsy morning beside it is silent. Needs root and Debian's
 * packages.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";
import type { Finding } from "../model/finding.ts";
import { run } from "../testing/command.ts";
import { Lab } from "../testing/lab.ts";

const PROGRAMS = ["ip", "tcpdump", "tshark", "curl", "vsftpd", "sshd", "ssh", "ssh-keygen", "smbd", "smbclient", "in.tftpd", "tftp"];
const missing = PROGRAMS.filter((program) => findProgram(program) === undefined);
const skip = process.getuid?.() !== 0 ? "needs root" : missing.length > 0 ? `needs ${missing.join(", ")}` : false;

const WITHIN_US = 2_000_000;
/** Never to be found in what is kept. */
const SECRET = "hunter2-of-ward-4";
const USER = "zebedee";

const MAC = (last: number) => `00:50:56:00:00:0${last}`;
const [STRANGER, SERVER, DESK] = ["10.77.0.7", "10.77.0.2", "10.77.0.3"];
const MANY = Array.from({ length: 9 }, (_, i) => `10.77.0.${100 + i}`);

suite("log-ins at real servers", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-log-ins-"));
  let findings: readonly Finding[] = [];
  let capture = "";
  after(() => rmSync(folder, { recursive: true }));

  before(async () => {
    const lab = new Lab(folder);
    capture = lab.capture;
    try {
      await lab.listen();
      const server = lab.host("server", MAC(2), SERVER);
      const stranger = lab.host("stranger", MAC(7), STRANGER);
      const desk = lab.host("desk", MAC(3), DESK);
      for (const ip of MANY) server.space.type(`ip address add ${ip}/24 dev eth0`);
      serve(lab, server);
      await sleep(4_000);

      // Two typing errors, a share looked at, a file fetched: a morning at a desk.
      await lab.ask(desk, ["sh", "-c", ftp(2)]);
      await lab.ask(desk, ["smbclient", "-N", `//${SERVER}/IPC$`, "-c", "quit"]);
      await lab.ask(desk, ["tftp", SERVER, "-c", "get", "pump_v2.bin"]);

      await lab.ask(stranger, ["sh", "-c", ftp(14)]);
      await lab.ask(stranger, ["sh", "-c", `${each(14)}smbclient -L ${SERVER} -U "${USER}%${SECRET}$i" & done; wait`]);
      const asks = lab.file(stranger, "asks", `#!/bin/sh\necho ${SECRET}\n`);
      const options = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=3";
      const ssh = `SSH_ASKPASS=${asks} SSH_ASKPASS_REQUIRE=force setsid ssh ${options} nobody@${SERVER} true`;
      await lab.ask(stranger, ["sh", "-c", `${each(5)}${ssh} & done; wait`]);
      await lab.ask(stranger, ["sh", "-c", MANY.map((ip) => `smbclient -N -L ${ip}`).join("; ")]);
      // A new one, since what is there the server lets nobody write over; and as it is, since no program survives being sent as text.
      lab.file(stranger, "pump_v3.bin", "firmware");
      await lab.ask(stranger, ["tftp", "-m", "octet", SERVER, "-c", "put", "pump_v3.bin"]);
      await sleep(2_000);
    } finally {
      await lab.close();
    }
    const data = join(folder, "data");
    const opened = await run("--data", data, "open", capture, "--exit");
    assert.equal(opened.code, 0, opened.stderr);
    const { code, stdout, stderr } = await run("--data", data, "findings", "--json");
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, new RegExp(`${SECRET}|${USER}`));
    findings = (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
  });

  const found = (detector: string, which = (_it: Finding): boolean => true) => {
    const of = findings.filter((it) => it.detector === detector && which(it));
    assert.equal(of.length, 1, `${detector}: ${findings.map((it) => `${it.detector} ${it.about?.ip}: ${it.summary}`).join("\n")}`);
    return of[0]!;
  };
  const first = (it: Finding) => it.because[0]!.at;

  for (const [protocol, filter, tenth] of [
    ["ftp", "ftp.response.code == 530", 9],
    ["smb", "smb2.cmd == 1 && smb2.nt_status == 0xc000006d", 9],
  ] as const)
    test(`${protocol}: found at the tenth refusal`, () => {
      const it = found("log-in-guessing", ({ summary }) => summary.includes(` by ${protocol} `));
      assert.deepEqual([it.about?.ip, ...it.others.map(({ ip }) => ip)], [SERVER, STRANGER]);
      const at = timesOf(capture, `${filter} && ip.dst == ${STRANGER}`)[tenth]!;
      assert.ok(at !== undefined && first(it) >= at && first(it) - at <= WITHIN_US, `${(first(it) - at) / 1e6} s after the tenth`);
    });

  test("ssh: found by the equal length of its refusals", () => {
    const it = found("log-in-guessing", ({ summary }) => summary.includes(" by ssh "));
    assert.deepEqual([it.about?.ip, ...it.others.map(({ ip }) => ip)], [SERVER, STRANGER]);
    // Five connections, three passwords each, and one way of logging in that this server does not have.
    assert.ok(it.count >= 10 && it.count <= 20, `${it.count} refusals`);
  });

  test("a machine that turns to many is found at the eighth", () => {
    const it = found("fan-out");
    assert.equal(it.about?.ip, STRANGER);
    const asked = timesOf(
      capture,
      `tcp.flags.syn == 1 && tcp.flags.ack == 1 && tcp.srcport == 445 && ip.src != ${SERVER} && ip.dst == ${STRANGER}`,
    );
    assert.ok(first(it) - asked[7]! <= WITHIN_US, `${(first(it) - asked[7]!) / 1e6} s after the eighth`);
  });

  test("firmware pushed is found with its first datagram", () => {
    const it = found("firmware-moved");
    assert.deepEqual([it.about?.ip, ...it.others.map(({ ip }) => ip)], [SERVER, STRANGER]);
    const [at] = timesOf(capture, `tftp.opcode == 2 && ip.src == ${STRANGER}`);
    assert.ok(at !== undefined && first(it) - at <= WITHIN_US);
  });

  test("a morning at a desk is no threat", () => {
    const threats = findings.filter(({ family, about, others }) => family === "threat" && [about, ...others].some((it) => it?.ip === DESK));
    assert.deepEqual(threats.map(({ detector, summary }) => `${detector}: ${summary}`), []); // prettier-ignore
  });
});

const each = (times: number) => `for i in $(seq ${times}); do `;
const ftp = (times: number) => `${each(times)}curl -s -m 15 --user ${USER}:${SECRET}$i ftp://${SERVER}/ & done; wait`;

function serve(lab: Lab, server: Parameters<Lab["serve"]>[0]): void {
  mkdirSync(join(server.folder, "empty"));
  const transfer = ["listen=YES", "background=NO", "anonymous_enable=NO", "local_enable=YES", `secure_chroot_dir=${server.folder}/empty`, "seccomp_sandbox=NO", "max_per_ip=50"]; // prettier-ignore
  lab.serve(server, "vsftpd", lab.file(server, "vsftpd.conf", `${transfer.join("\n")}\n`));
  mkdirSync("/run/sshd", { recursive: true });
  const key = join(server.folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  lab.serve(server, findProgram("sshd")!, "-D", "-f", "/dev/null", "-h", key, "-o", "UsePAM=no", "-o", "PasswordAuthentication=yes");
  const kept = ["private dir", "state directory", "cache directory", "lock directory", "pid directory", "ncalrpc dir"];
  const shares = ["[global]", "server role = standalone server", "map to guest = never", "restrict anonymous = 0", "log level = 0", ...kept.map((it) => `${it} = ${join(server.folder, "samba")}`)]; // prettier-ignore
  mkdirSync(join(server.folder, "samba"), { mode: 0o755 });
  lab.serve(server, "smbd", "-F", "--no-process-group", "-s", lab.file(server, "smb.conf", `${shares.join("\n")}\n`));
  lab.file(server, "pump_v2.bin", "firmware");
  lab.serve(server, "in.tftpd", "-L", "-c", "--user", "root", "-s", server.folder);
}

/** Packet times of what tshark's filter passes, in microseconds. */
function timesOf(capture: string, filter: string): readonly number[] {
  const text = execFileSync("tshark", ["-r", capture, "-Y", filter, "-T", "fields", "-e", "frame.time_epoch"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }); // prettier-ignore
  return text.split("\n").filter(Boolean).map((it) => Math.round(Number(it) * 1e6)); // prettier-ignore
}
