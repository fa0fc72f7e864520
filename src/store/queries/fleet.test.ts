/** The whole fleet in one pass: who answers what, who says what, and who turns outside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { FleetDevice } from "../../model/weakness.ts";
import { DAY, END, HOUR, Recording } from "../../testing/recording.ts";
import { Store } from "../reader.ts";
import { fleetDevices } from "./fleet.ts";

test("a device has what it answered with, the sums of all who asked, and when", (t) => {
  const recording = new Recording(t);
  const [pump, server, nurse] = [1, 2, 3].map((it) => recording.endpoint(`00:09:fb:00:00:0${it}`, `10.0.0.${it}`)) as [number, number, number]; // prettier-ignore
  const telnet = { server: pump, port: 23, protocol: "telnet" };
  recording.conversation({ ...telnet, client: server, operations: "LOGIN", first: END - DAY, last: END - HOUR });
  recording.conversation({ ...telnet, client: server, sensor: "other", operations: "LOGIN", first: END - 2 * DAY, last: END - DAY });
  recording.conversation({ ...telnet, client: nurse, operations: "WRITE", encrypted: true });
  recording.conversation({ client: nurse, server: pump, port: 443, protocol: "tls", encrypted: true });
  recording.conversation({ client: nurse, server: pump, port: 22, answered: 0 });
  for (const it of [pump, server, nurse]) recording.device([it], { kind: "infusion pump", lifeCritical: "therapy" });
  const [device, ...others] = fleet(t, recording);
  assert.deepEqual(device!.services, [
    { ip: "10.0.0.1", transport: "tcp", port: 23, protocol: "telnet", operations: ["LOGIN", "WRITE"], clear: true, clients: 2, outsiders: 0, first: END - 2 * DAY, last: END },
    { ip: "10.0.0.1", transport: "tcp", port: 443, protocol: "tls", operations: [], clear: false, clients: 1, outsiders: 0, first: END - HOUR, last: END },
  ]); // prettier-ignore
  assert.deepEqual([device!.kind?.value, device!.lifeCritical, device!.ips], ["infusion pump", "therapy", ["10.0.0.1"]]);
  assert.deepEqual(others.flatMap(({ services }) => services), []); // prettier-ignore
});

test("what only a client spoke names no service, and what was told takes the place of what was not", (t) => {
  const recording = new Recording(t);
  const [asked, asking] = [recording.endpoint("00:09:fb:00:00:01", "10.0.0.1"), recording.endpoint("00:09:fb:00:00:02", "10.0.0.2")];
  recording.conversation({ client: asking, server: asked, port: 23, protocol: "telnet" });
  recording.conversation({ client: asking, server: asked, port: 80, protocol: "http" });
  recording.conversation({ client: asking, server: asked, port: 80 });
  recording.sql("UPDATE served SET protocol = '' WHERE port = 23");
  for (const it of [asked, asking]) recording.device([it]);
  assert.deepEqual(
    fleet(t, recording)[0]!.services.map(({ port, protocol, clients }) => [port, protocol, clients]),
    [[23, null, 1], [80, "http", 1]],
  ); // prettier-ignore
});

test("a device has its own word, never what others say of it, save that a secret crossed to it", (t) => {
  const recording = new Recording(t);
  const [pump, other] = [recording.endpoint("00:09:fb:00:00:01", "10.0.0.1"), recording.endpoint("00:09:fb:00:00:02", "10.0.0.2")];
  recording.claim(pump, "tlsVersion", "TLS 1.0", "tls", { count: 3 });
  recording.claim(pump, "software", "guessed 1.0", "lldp", { via: other });
  recording.claim(pump, "clearCredentials", "http basic", "http", { via: other, count: 2 });
  recording.claim(pump, "hostname", "pump7", "dhcp");
  recording.device([pump]);
  assert.deepEqual(
    fleet(t, recording)[0]!.said.map(({ attribute, value, protocol, count }) => [attribute, value, protocol, count]),
    [["clearCredentials", "http basic", "http", 2], ["tlsVersion", "TLS 1.0", "tls", 3]],
  ); // prettier-ignore
});

test("turning to addresses outside is told, and they themselves and groups are no devices of the fleet", (t) => {
  const recording = new Recording(t);
  const [pump, cloud, second, group] = ["10.0.0.1", "203.0.113.9", "203.0.113.10", "239.0.0.1"].map((ip) => recording.endpoint("00:09:fb:00:00:01", ip)) as [number, number, number, number]; // prettier-ignore
  recording.conversation({ client: pump, server: cloud, port: 443, protocol: "tls", first: END - DAY });
  recording.conversation({ client: pump, server: second, port: 80, protocol: "http" });
  for (const client of [pump, second]) recording.conversation({ client, server: pump, port: 443, protocol: "tls" });
  recording.conversation({ client: pump, server: second, port: 81, answered: 0, protocol: "ftp" });
  recording.device([pump], { said: { location: "Kim" }, location: ["ICU", 99] });
  recording.device([cloud], { standing: "outside" });
  recording.device([second], { standing: "outside" });
  recording.device([group], { standing: "group" });
  const all = fleet(t, recording);
  assert.deepEqual(all.map(({ id }) => id), ["d1"]); // prettier-ignore
  assert.deepEqual([all[0]!.services[0]!.clients, all[0]!.services[0]!.outsiders], [2, 1]);
  assert.deepEqual(all[0]!.outside, { peers: 2, protocols: ["http", "tls"], first: END - DAY, last: END });
  assert.deepEqual(all[0]!.location, { value: "ICU", confidence: 0.99, lead: 99, saidBy: "Kim" });
});

test("a trap for scanners that answers everywhere does not grow without end", (t) => {
  const recording = new Recording(t);
  const [trap, scanner] = [recording.endpoint("00:09:fb:00:00:01", "10.0.0.1"), recording.endpoint("00:09:fb:00:00:02", "10.0.0.2")];
  for (let port = 1; port <= 300; port++) recording.conversation({ client: scanner, server: trap, port });
  for (const it of [trap, scanner]) recording.device([it]);
  assert.equal(fleet(t, recording)[0]!.services.length, 256);
});

function fleet(t: TestContext, recording: Recording): readonly FleetDevice[] {
  const store = new Store(recording.path);
  t.after(() => store.close());
  const steps = fleetDevices(store);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
