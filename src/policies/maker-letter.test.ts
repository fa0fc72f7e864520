/** The letter is the whole text: what stands in it, and above all what does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DisclosureReport, UndeclaredFlow } from "../model/disclosure.ts";
import { makerLetter } from "./maker-letter.ts";

const DAY = 86_400_000_000;
const FIRST = Date.UTC(2026, 0, 5) * 1_000;

const heard = (more: Partial<UndeclaredFlow>): UndeclaredFlow => ({
  opens: "device", peer: "workstation", service: "tcp 22", protocols: ["ssh"], because: "", unclear: null, addresses: ["10.0.0.7"],
  devices: 2, others: 1, conversations: 2, days: 3, first: FIRST, last: FIRST + 2 * DAY, ...more,
}); // prettier-ignore
const REPORT: DisclosureReport = {
  model: "Corvane M50", maker: "Corvane", devices: 1_200, probable: 3, window: { from: FIRST, to: FIRST + 14 * DAY - 1, days: 14 },
  documents: ["Manual 1, pages 12, 13", "MDS2 of 2024-02-01"], whole: "all", attached: true, doubts: [], declared: [], stated: [],
  notDeclared: [
    heard({}),
    heard({ opens: "peer", peer: "not known", service: "tcp 23", protocols: [], others: 2, addresses: ["10.0.0.8", "10.0.0.9"] }),
    heard({ peer: "outside", service: "tcp 443", protocols: ["tls"], devices: 1, days: 1, others: 9, because: "MDS2 of 2024-02-01, CONN-4: no", addresses: ["203.0.113.9"] }),
  ],
  cannotTell: [heard({ service: "udp 9", because: 'Manual 1, page 12 names no ports for "update"', unclear: "document" }), heard({ service: "tcp 9", because: "who began it is a guess: hear its beginning, or both directions", unclear: "recording" })],
  counts: { declared: 0, notDeclared: 6, cannotTell: 4, ground: 0, refused: 0 },
}; // prettier-ignore

const LETTER = `# Questions on what Corvane M50 does on a network

To Corvane.

We listened to 1,200 devices of this model from 2026-01-05 to 2026-01-18 (UTC), on 14 days, and held what we heard against:

- Manual 1, pages 12, 13
- MDS2 of 2024-02-01

## What we heard and these do not declare

Of each, please tell us what it is for, whether the device needs it, whom it has to reach, and in which document it stands or will stand.

1. The device opens tcp 22 (ssh) to 1 machine, workstation: 2 of 1,200 devices, on 3 of 14 days, first 2026-01-05, last 2026-01-07.
2. 2 machines that we do not know opened tcp 23 of the device, and it answered: 2 of 1,200 devices, on 3 of 14 days, first 2026-01-05, last 2026-01-07.
3. The device opens tcp 443 (tls) to addresses outside the hospital: 1 of 1,200 devices, on 1 of 14 days, first 2026-01-05, last 2026-01-07. Your MDS2 of 2024-02-01, CONN-4: no.

## What we could not hold against them

Of 1 other kind of traffic nobody here can tell whether it is declared. Please send us the whole list of ports and protocols of this model (IEC 60601-1, 14.13; MDS2 CONN-2). Why we cannot tell:

- Manual 1, page 12 names no ports for "update"

Nothing in this letter is about a patient. Addresses are left out; we send them where you need them.
`;

test("questions with counts and days, against which document, and what nobody can tell; no address", () => {
  assert.equal(makerLetter(REPORT, false), LETTER);
  assert.equal(makerLetter(REPORT, false), makerLetter(structuredClone(REPORT), false));
});

test("addresses stand in it where they are asked for", () => {
  const letter = makerLetter(REPORT, true);
  assert.match(letter, /^2\. .*\. Other ends: 10\.0\.0\.8, 10\.0\.0\.9\.$/m);
  assert.match(letter, /^3\. .*CONN-4: no\. Other ends: 203\.0\.113\.9 and more\.$/m);
  assert.match(letter, /The addresses in it are our own or those our devices talked to/);
});

test("nothing to ask is said; a model that calls itself a heading or a link makes none; of many questions the first stand there", () => {
  const none = makerLetter({ ...REPORT, notDeclared: [], cannotTell: [], doubts: ["2 of at least 7 days were heard."] }, false);
  assert.match(none, /Nothing: there is no question here\./);
  assert.match(none, /## What we may not have heard\n\n- 2 of at least 7 days were heard\./);
  assert.match(makerLetter({ ...REPORT, model: "M50](http://x)\n# Hi" }, false), /^# Questions on what M50\\\]\(http:\/\/x\).*\\# Hi does on a network$/m);
  const many = makerLetter({ ...REPORT, notDeclared: Array.from({ length: 1_001 }, () => heard({})) }, false);
  assert.match(many, /^100\. [^]*These are the first 100 of 1,001\./m);
  assert.doesNotMatch(many, /^101\. /m);
}); // prettier-ignore
