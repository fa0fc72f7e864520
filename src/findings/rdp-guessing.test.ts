import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews, News } from "../model/finding.ts";
import { dialogue } from "../testing/dialogue.ts";
import { hear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { claims, foundLines, machine, signal } from "../testing/watched.ts";
import { rdpGuessing } from "./rdp-guessing.ts";

const at = (second: number) => signal(second, { kind: "load" }).at;
const conversed = (second: number, it: Partial<ConversationNews> = {}): News =>
  ({ news: "conversation", at: at(second), first: at(second), client: machine(7), server: machine(2), transport: "tcp", port: 3389, protocol: "rdp", answered: 1, side: "handshake", bytesToClient: 4_000, ...it }) as Partial<ConversationNews> as News; // prettier-ignore
const row = (count: number, every: number, it: Partial<ConversationNews> = {}) => Array.from({ length: count }, (_, i) => conversed(1 + i * every, it)); // prettier-ignore

test("ten connections within a minute that end as a refused log-in does are told", () => {
  assert.deepEqual(claims(rdpGuessing, row(10, 3)), ["28 s: 10 connections by RDP within 27 s, each as short as a log-in that is refused"]);
});

test("nine, ten in two minutes, desktops, and mere looks at the port are none", () => {
  assert.deepEqual(claims(rdpGuessing, row(9, 3)), []);
  assert.deepEqual(claims(rdpGuessing, row(20, 12)), []);
  assert.deepEqual(claims(rdpGuessing, row(20, 3, { bytesToClient: 200_000 })), []);
  assert.deepEqual(claims(rdpGuessing, row(20, 3, { bytesToClient: 300 })), []);
  assert.deepEqual(claims(rdpGuessing, [conversed(1), ...row(30, 1, { answered: 0 })]), [], "one long session");
});

test("as frames: a dozen connections that are closed after the server's certificate", () => {
  const asks = hex`0300 0013 0e e0 0000 0000 00 01 00 0800 03000000`;
  const confirms = hex`0300 0013 0e d0 0000 1234 00 02 00 0800 02000000`;
  const tls = (bytes: number) => hex`16 0303 ${bytes.toString(16).padStart(4, "0")} ${new Uint8Array(bytes)}`;
  const tries = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      dialogue({ client: "10.0.0.7", server: "10.0.0.2", port: 3389, clientPort: 40_000 + i }, [
        ["client", asks],
        ["server", confirms],
        ["client", tls(200)],
        ["server", tls(1_200)],
      ]),
    ).flat();
  assert.match(
    foundLines(hear(tries(12), { every: 0.1 }), [rdpGuessing]).join(),
    /^rdp-guessing high 10\.0\.0\.2 by 10\.0\.0\.7: 1\d connections/,
  );
  assert.deepEqual(foundLines(hear(tries(3), { every: 0.1 }), [rdpGuessing]), []);
});
