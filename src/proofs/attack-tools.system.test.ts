/**
 * Tools of attack as anybody gets them, against real servers: passwords tried in a form of a page, at Redis and at many servers, neighbors' addresses
 * taken by IPv6, a router with networks of its own, requests that never end, cards made up. Each is one finding, of who does it and whom it
 * hits; and who beside them mistypes and looks pages up is none. Needs root and Debian's packages.
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
import { Lab, type LabHost } from "../testing/lab.ts";

const PROGRAMS = ["ip", "tcpdump", "curl", "python3", "sshd", "ssh-keygen", "redis-server", "redis-cli", "radvd", "hydra", "macof", "slowhttptest", "atk6-parasite6", "atk6-fake_router26"]; // prettier-ignore
const missing = PROGRAMS.filter((program) => findProgram(program) === undefined);
const skip = process.getuid?.() !== 0 ? "needs root: NOT PROVED" : missing.length > 0 ? `needs ${missing.join(", ")}: NOT PROVED` : false;

const ip = (number: number) => `10.79.0.${number}`;
const ip6 = (number: number) => `fd00:79::${number}`;
const mac = (number: number) => `00:50:56:00:79:0${number}`;
const HOSTS = { router: 1, server: 2, desk: 3, device: 4, guesser: 5, sprayer: 6, spoofer: 7, holder: 8, stranger: 9 } as const;
const SERVERS = Array.from({ length: 6 }, (_, i) => ip(100 + i));
const SECRET = "hunter2-of-ward-4";

suite("tools of attack", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-tools-"));
  let findings: readonly Finding[] = [];
  after(() => rmSync(folder, { recursive: true }));

  before(async () => {
    const lab = new Lab(folder);
    try {
      await lab.listen();
      const hosts = Object.fromEntries(Object.entries(HOSTS).map(([name, number]) => [name, host(lab, name, number)])) as Record<keyof typeof HOSTS, LabHost>; // prettier-ignore
      const { server, desk, device, guesser, sprayer, spoofer, holder, stranger } = hosts;
      for (const other of SERVERS) server.space.type(`ip address add ${other}/24 dev eth0`);
      serve(lab, hosts);
      await sleep(5_000);
      await attack(lab, { server, desk, device, guesser, sprayer, spoofer, holder, stranger });
      await sleep(1_500);
    } finally {
      await lab.close();
    }
    const data = join(folder, "data");
    const opened = await run("--data", data, "open", lab.capture, "--exit");
    assert.equal(opened.code, 0, opened.stderr);
    const { stdout } = await run("--data", data, "findings", "--json");
    assert.doesNotMatch(stdout, new RegExp(SECRET));
    findings = (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
  });

  for (const [name, detector, about, by] of [
    ["hydra in a form of a page", "log-in-guessing by http", ip(HOSTS.server), [ip(HOSTS.guesser)]],
    ["hydra at Redis", "log-in-guessing by redis", ip(HOSTS.server), [ip(HOSTS.guesser)]],
    ["hydra with one password at many servers", "log-ins-across", ip(HOSTS.sprayer), SERVERS],
    ["parasite6, which answers in every neighbor's name", "arp-spoofing", ip6(HOSTS.server), [mac(HOSTS.spoofer)]],
    ["fake_router26 beside the router", "rogue-router", "fe80::250:56ff:fe00:7909", []],
    ["slowhttptest", "connections-held", ip(HOSTS.device), [ip(HOSTS.holder)]],
    ["macof", "made-up-cards", "", []],
  ] as const)
    test(`${name} is one finding`, () => {
      const [kind, protocol = ""] = detector.split(" by ");
      const of = findings.filter((it) => it.detector === kind && it.summary.includes(protocol));
      assert.equal(of.length, 1, told(findings));
      assert.equal(of[0]!.about?.ip ?? "", about);
      assert.deepEqual(of[0]!.others.map((it) => it.ip ?? it.mac).sort(), [...by].sort()); // prettier-ignore
    });

  test("and there is no other, of the machine beside them neither", () => {
    assert.equal(findings.length, 7, told(findings));
  });
});

const told = (findings: readonly Finding[]) =>
  findings.map((it) => `${it.detector} ${it.about?.ip} by ${it.others.map((one) => one.ip ?? one.mac).join(", ")}: ${it.summary}`).join("\n"); // prettier-ignore

/** With an address of IPv6 too, and the one its card makes. */
function host(lab: Lab, name: string, number: number): LabHost {
  const made = lab.host(name, mac(number), ip(number));
  made.space.type(
    "sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.accept_ra=0 net.ipv6.conf.eth0.disable_ipv6=0",
    `ip -6 address add ${ip6(number)}/64 dev eth0 nodad`,
  );
  return made;
}

function serve(lab: Lab, { server, device, router }: Record<"server" | "device" | "router", LabHost>): void {
  // What the one is, is soon known; what the other is nobody knows, so it is spared what servers bear.
  for (const it of [server, device]) lab.serve(it, "python3", lab.file(it, "page.py", PAGE));
  lab.serve(server, "redis-server", "--bind", "0.0.0.0", "--requirepass", SECRET, "--save", "", "--dir", server.folder);
  mkdirSync("/run/sshd", { recursive: true });
  const key = join(server.folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  lab.serve(server, findProgram("sshd")!, "-D", "-f", "/dev/null", "-h", key, "-o", "UsePAM=no", "-o", "PasswordAuthentication=yes");
  router.space.type("sysctl -qw net.ipv6.conf.all.forwarding=1");
  const announced = `interface eth0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; prefix fd00:79::/64 { }; };\n`;
  const settings = lab.file(router, "radvd.conf", announced);
  execFileSync("chmod", ["644", settings]);
  lab.serve(router, "radvd", "-n", "-C", settings, "-p", join(router.folder, "radvd.pid"), "-u", "root");
}

async function attack(
  lab: Lab,
  { server, desk, device, guesser, sprayer, spoofer, holder, stranger }: Record<Exclude<keyof typeof HOSTS, "router">, LabHost>,
): Promise<void> {
  const shell = (by: LabHost, command: string) => lab.ask(by, ["sh", "-c", command]);
  const words = lab.file(guesser, "words", Array.from({ length: 48 }, (_, i) => `${SECRET}${i}\n`).join(""));
  const servers = lab.file(sprayer, "servers", SERVERS.map((it) => `${it}\n`).join(""));

  // Three typing errors in each, and pages.
  const page = `http://${server.ip}`;
  await shell(desk, `for i in 1 2 3; do curl -s -d user=jroe -d password=${SECRET}$i ${page}/login; redis-cli -h ${server.ip} -a no$i ping; curl -s ${page}/; done`); // prettier-ignore

  await shell(guesser, `hydra -I -l admin -P ${words} -t 4 ${server.ip} http-post-form "/login:user=^USER^&password=^PASS^:F=Wrong"`);
  await shell(guesser, `head -n 24 ${words} >some; hydra -I -P some -t 4 ${server.ip} redis`);
  await shell(sprayer, `hydra -I -l nobody -p ${SECRET} -t 2 -M ${servers} ssh`);

  lab.serve(stranger, "atk6-fake_router26", "-A", "fd00:bad::/64", "eth0");
  lab.serve(spoofer, "atk6-parasite6", "eth0");
  await sleep(1_000);
  // Whoever looks for a neighbor anew is answered twice.
  await shell(desk, `for i in 1 2 3 4; do ip -6 neigh flush dev eth0; curl -s -m 2 "http://[${ip6(HOSTS.server)}]/"; sleep 1; done`);
  await shell(holder, `slowhttptest -c 120 -H -i 2 -r 60 -t GET -u http://${device.ip}/ -x 24 -p 3 -l 12`);
  await shell(stranger, "timeout 2 macof -i eth0 -n 4000");
}

/** A page with a form, as devices have them: a wrong password is answered by the page once more. */
const PAGE = `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import socket

class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def do_GET(self):
        self.answer(b"<form method=post action=/login><input name=user><input name=password type=password></form>")
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"<p>Wrong password</p><form method=post action=/login></form>")

class Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 256

Server(("::", 80), Page).serve_forever()
`;
