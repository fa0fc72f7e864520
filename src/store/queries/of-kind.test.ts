import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, END, HOUR, Recording } from "../../testing/recording.ts";
import { Store } from "../reader.ts";
import { kindsOf } from "./of-kind.ts";

/** Three pumps heard on each of the last ten days, and a server; pump 1 is asked about, as of some hours before the end. */
function ward(t: { readonly after: (work: () => void) => void }) {
  const recording = new Recording(t);
  const days = { first: END - 9 * DAY, last: END, days: [0b11_1111_1111, 0] as const };
  const pumps = [1, 2, 3].map((host) => {
    const endpoint = recording.endpoint(null, `10.0.0.${host}`);
    recording.device([endpoint], { kind: "infusion pump", ...days });
    return endpoint;
  });
  const home = recording.endpoint(null, "203.0.113.9");
  recording.device([home], { standing: "outside" });
  const share = recording.endpoint(null, "10.0.0.9");
  recording.device([share], { kind: "file server" });
  const ask = (what: string, first = END - 2 * HOUR, endpoint = pumps[0]!) => kindsOf(new Store(recording.path))(endpoint, what, first);
  return { recording, pumps: pumps as [number, number, number], home, share, ask };
}

test("days before the one it is asked of are counted, of the device and of all of its kind", (t) => {
  const { recording, ask } = ward(t);
  assert.deepEqual(ask("outside"), { kind: "infusion pump", days: 9, deviceDays: 27, did: false });
  assert.deepEqual(ask("outside", END - 6 * DAY), { kind: "infusion pump", days: 3, deviceDays: 9, did: false });
  recording.sql("UPDATE device SET days_low = 1 WHERE id = 2");
  assert.equal(ask("outside")?.deviceDays, 18, "one was off");
});

test("what fell out of the days that are kept counts on, so that an old finding stays", (t) => {
  const { recording, ask } = ward(t);
  recording.sql(`UPDATE device SET first = ${END - 200 * DAY}, days_low = 4294967295, days_high = 4294967295`);
  assert.deepEqual([ask("smb", END - 100 * DAY)?.days, ask("smb", END - 10 * DAY)?.days, ask("smb", END - 250 * DAY)?.days], [100, 190, 0]);
});

test("another of the kind that did so a day before did it; on the same day, unanswered, in another protocol or to another place, it did not", (t) => {
  const { recording, pumps, home, share, ask } = ward(t);
  const last = { last: END };
  recording.conversation({ client: pumps[1], server: home, port: 443, first: END - 20 * HOUR, ...last });
  recording.conversation({ client: pumps[1], server: share, port: 445, protocol: "smb", answered: 0, first: END - 5 * DAY, ...last });
  recording.conversation({ client: share, server: home, port: 22, protocol: "ssh", first: END - 5 * DAY, ...last });
  assert.deepEqual(["outside", "smb", "ssh"].map((it) => ask(it)?.did), [false, false, false]); // prettier-ignore
  recording.conversation({ client: pumps[2], server: home, port: 443, first: END - 3 * DAY, ...last });
  recording.conversation({ client: pumps[2], server: share, port: 445, protocol: "smb", first: END - 3 * DAY, ...last });
  assert.deepEqual(["outside", "smb", "ssh"].map((it) => ask(it)?.did), [true, true, false]); // prettier-ignore
  assert.equal(ask("smb", END - 3 * DAY)?.did, false, "not yet");
});

test("of a kind that is only probable, of none, and out of service nothing is said", (t) => {
  const { recording, pumps, home, ask } = ward(t);
  assert.equal(ask("smb", END, home), null);
  recording.sql(`UPDATE device SET status = 'workshop' WHERE id = ${pumps[0]}; UPDATE device SET kind_lead = 10 WHERE id = ${pumps[1]}`);
  recording.sql(`UPDATE device SET status = 'in service' WHERE id = ${pumps[2]}`);
  assert.equal(ask("smb"), null, "in the workshop");
  assert.equal(ask("smb", END, pumps[1]), null, "probable");
  assert.equal(ask("smb", END, pumps[2])?.kind, "infusion pump");
});
