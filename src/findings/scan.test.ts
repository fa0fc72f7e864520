import assert from "node:assert/strict";
import { test } from "node:test";
import type { Watch } from "../model/finding.ts";
import { bytes, ethernet, arp, ipv4, latin, MAC_A, tcpFrame, u16, udpFrame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { claims, foundLines, machine, observed, signal } from "../testing/watched.ts";
import { scan } from "./scan.ts";

const A = "10.0.0.1";
const WATCHES = [scan as Watch];
const MINUTES_AGO = { since: 0 };
const lines = (ear: Ear) => foundLines(ear.end(), WATCHES, MINUTES_AGO);

let identification = 1;
const segment = (flags: string, from: string, to: string, ports: readonly [number, number]) => {
  const frame = tcpFrame({ from: ports[0], to: ports[1], flags, fromIp: from, toIp: to });
  // Each its own, or it would be a copy of the one before.
  frame.set(u16(identification++ & 0xffff), 18);
  return frame;
};
function refused(ear: Ear, port: number, to = "10.0.0.2"): void {
  ear.frame(segment("S", A, to, [50_000, port]));
  ear.frame(segment("RA", to, A, [port, 50_000]));
}
function answered(ear: Ear, port: number, to: string): void {
  ear.frame(segment("S", A, to, [50_000, port]));
  ear.frame(segment("SA", to, A, [port, 50_000]));
  ear.frame(segment("A", A, to, [50_000, port]));
}

test("the fifth port turned down is a scan, however slowly they come, and its target is whom it is about", () => {
  const slow = (ports: number) => {
    const ear = new Ear();
    for (let port = 1; port <= ports; port++) {
      refused(ear, port);
      ear.wait(15);
    }
    return lines(ear);
  };
  assert.deepEqual(slow(4), []);
  assert.deepEqual(slow(5), ["scan medium 10.0.0.2 by 10.0.0.1: 5 endpoints of 1 machine asked first by TCP within 61 s: 5 of them turned down or silent"]); // prettier-ignore
});

test("ten asked at once and not answered are one before anybody could be silent, also where the recording ends there", () => {
  const ear = new Ear();
  for (let host = 10; host < 20; host++) ear.frame(segment("S", A, `10.0.1.${host}`, [50_000, 445]));
  assert.deepEqual(lines(ear), ["scan medium 10.0.0.1 by 10.0.1.10, 10.0.1.11, 10.0.1.12, 10.0.1.13, 10.0.1.14, 10.0.1.15, 10.0.1.16, 10.0.1.17, 10.0.1.18, 10.0.1.19: 10 endpoints of 10 machines asked first by TCP within 1 s: 10 not answered within two seconds"]); // prettier-ignore
});

test("a browser that is mostly answered, asked its own server again, or follows names that are down, is none", () => {
  const ear = new Ear();
  for (let host = 1; host < 60; host++) {
    if (host % 6 === 0) refused(ear, 443, `10.1.0.${host}`);
    else answered(ear, 443, `10.1.0.${host}`);
    ear.wait(1);
  }
  for (let again = 0; again < 30; again++) {
    refused(ear, 8080, "10.1.0.99");
    ear.wait(2);
  }
  for (let host = 1; host < 30; host++) {
    const name = bytes(u16(host), u16(0x8180), u16(1), u16(1), u16(0), u16(0), [4, ...latin("down"), 0], u16(1), u16(1), [0xc0, 12], u16(1), u16(1), [0, 0, 0, 60], u16(4), [10, 2, 0, host]); // prettier-ignore
    ear.frame(udpFrame({ from: 51_000, to: 53, toIp: "10.0.0.53" }, bytes(u16(host), u16(0x0100), u16(1), u16(0), u16(0), u16(0), [4, ...latin("down"), 0], u16(1), u16(1)))); // prettier-ignore
    ear.frame(udpFrame({ from: 53, to: 51_000, fromIp: "10.0.0.53", toIp: A }, name));
    ear.frame(segment("S", A, `10.2.0.${host}`, [50_000, 443]));
    ear.wait(2);
  }
  assert.deepEqual(lines(ear), []);
});

test("echoes to ten machines are a sweep though all answer; to nine they are none", () => {
  const sweep = (machines: number) => {
    const ear = new Ear();
    for (let host = 1; host <= machines; host++) {
      ear.frame(ethernet({ type: 0x0800 }, ipv4({ protocol: 1, from: A, to: `10.0.3.${host}`, id: host }, bytes([8, 0], u16(0), u16(1), u16(host))))); // prettier-ignore
      ear.frame(ethernet({ type: 0x0800 }, ipv4({ protocol: 1, from: `10.0.3.${host}`, to: A, id: host }, bytes([0, 0], u16(0), u16(1), u16(host))))); // prettier-ignore
      ear.wait(0.5);
    }
    return lines(ear).length;
  };
  assert.deepEqual([sweep(9), sweep(10)], [0, 1]);
});

const look = (ip: string) =>
  ethernet({ type: 0x0806, from: MAC_A, to: "ff:ff:ff:ff:ff:ff" }, arp(1, [MAC_A, A], ["00:00:00:00:00:00", ip]));

test("neighbors looked for in vain are one; those of a router, of who serves addresses, and of the first minute are not", () => {
  const ear = (before: (ear: Ear) => void) => {
    const it = new Ear();
    before(it);
    for (let host = 1; host < 8; host++) {
      it.frame(look(`10.0.0.${100 + host}`));
      it.wait(3);
    }
    return it;
  };
  assert.equal(lines(ear(() => undefined)).length, 1);
  assert.deepEqual(foundLines(ear(() => undefined).end(), WATCHES), []);
  // Four of other networks came by its card.
  const router = ear((it) => {
    for (let host = 1; host < 5; host++) answeredBy(it, `192.0.2.${host}`);
  });
  assert.deepEqual(lines(router), []);
});

function answeredBy(ear: Ear, remote: string): void {
  ear.frame(segment("S", remote, "10.0.0.2", [50_000, 80]));
  ear.frame(segment("SA", "10.0.0.2", remote, [80, 50_000]));
}

test("who serves addresses may ask whether they are free", () => {
  const asks = Array.from({ length: 9 }, (_, i) => signal(100 + 5 * i, { kind: "contacts", what: "echo", sender: machine(1), count: 1, distinct: 1, failed: 1 })); // prettier-ignore
  assert.equal(claims(scan, asks, MINUTES_AGO).length > 0, true);
  assert.deepEqual(claims(scan, [observed(1, machine(1), "service", "dhcp"), ...asks], MINUTES_AGO), []);
});

test("a poller is a sweep once, and known by its third round", () => {
  const at = (round: number) => 100 + 60 * round;
  const first = signal(at(0), { kind: "contacts", what: "echo", sender: machine(1), count: 30, distinct: 1, failed: 0, amount: 29 });
  const again = (round: number) => signal(at(round), { kind: "recontacts", what: "echo", sender: machine(1), count: 30, distinct: 30 });
  const [sweep, known, ...more] = claims(scan, [first, again(1), again(2), again(3)], MINUTES_AGO);
  assert.match(sweep!, /^100 s: 30 endpoints asked first by echo/);
  assert.match(known!, /^220 s: asks the same 30 again every 60 s, and they answer: a poller/);
  assert.deepEqual(more, []);
  // It is found again when it asks others.
  const others = signal(at(4), { kind: "contacts", what: "tcp", sender: machine(1), count: 40, distinct: 40, failed: 40 });
  assert.equal(claims(scan, [first, again(1), again(2), { ...others, count: 10, distinct: 10, failed: 10 }], MINUTES_AGO).length, 2);
  assert.equal(claims(scan, [first, again(1), again(2), others], MINUTES_AGO).length, 3);
});

test("flags no program sends count twice, and four of them are not five yet", () => {
  const odd = (ear: Ear, flags: readonly string[]) => {
    for (const [port, it] of flags.entries()) {
      ear.wait(20);
      ear.frame(segment(it, A, "10.0.0.2", [50_000, 1_000 + port]));
    }
    return lines(ear).length;
  };
  assert.equal(odd(new Ear(), ["F", "", "FPU", "SF"]), 0);
  const ear = new Ear();
  refused(ear, 1);
  refused(ear, 2);
  ear.wait(20);
  answered(ear, 80, "10.0.0.9");
  assert.equal(odd(ear, ["F", "", "FPU"]), 1);
});

test("datagrams to twenty machines that say nothing are a sweep; to machines that answer, or to nineteen, they are none", () => {
  const asked = (machines: number, answers: (host: number) => boolean) => {
    const ear = new Ear();
    for (let host = 1; host <= machines; host++) {
      ear.frame(udpFrame({ from: 50_000, to: 161, fromIp: A, toIp: `10.0.1.${host}` }, latin("who are you")));
      if (answers(host)) ear.frame(udpFrame({ from: 161, to: 50_000, fromIp: `10.0.1.${host}`, toIp: A }, latin("a pump")));
    }
    ear.wait(2);
    return lines(ear).map((line) => line.replace(/^.*: /, ""));
  };
  const told = "20 machines asked by UDP within 10 s that said nothing";
  assert.deepEqual(asked(20, () => false), [told]); // prettier-ignore
  assert.deepEqual(asked(19, () => false), []); // prettier-ignore
  assert.deepEqual(asked(60, (host) => host % 3 !== 0), []); // prettier-ignore
});

test("who looks for all neighbors and beside it asks one machine is a sweep of his, not a scan of that machine", () => {
  const news = [
    signal(1, { kind: "probes", what: "echo", sender: machine(7), receiver: machine(2), count: 1, distinct: 0, amount: 1 }),
    signal(1, { kind: "contacts", what: "echo", sender: machine(7), count: 1, distinct: 0, amount: 1 }),
    signal(1, { kind: "contacts", what: "arp", sender: machine(7), count: 200, distinct: 190, failed: 20, amount: 3 }),
  ];
  const memory = scan.remember();
  const known = { since: 0, conversedSince: () => null, heardSince: () => null };
  const [it] = news.flatMap((one) => [...scan.notice(one, memory, known)]);
  assert.equal(it!.about?.ip, "10.0.0.7");
  assert.match(it!.summary, /^201 endpoints asked first by ARP, echo within/);
});
