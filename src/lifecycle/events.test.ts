import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventList } from "../model/lifecycle.ts";
import { day, life, livesOf } from "../testing/lives.ts";
import { eventsOf } from "./events.ts";

const ids = ({ rows }: EventList) => rows.map(({ id }) => id);

test("who came lately, but in the first days of listening nobody did", () => {
  const devices = [life("d1"), life("d2", { first: day(80) }), life("d3", { first: day(90), lifeCritical: "life-supporting" })];
  assert.deepEqual(ids(eventsOf(livesOf(devices)).came), ["d3", "d2"], "those on whom a life hangs first");
  assert.deepEqual(ids(eventsOf(livesOf(devices, day(75))).came), []);
});

test("who went quiet, but not who is retired; who is retired and heard", () => {
  const devices = [life("d1", { last: day(60) }), life("d2", { last: day(71) }), life("d3", { last: day(20), status: "retired" })];
  const { silent, retiredHeard } = eventsOf(livesOf(devices));
  assert.deepEqual(ids(silent), ["d1"]);
  assert.deepEqual(ids(retiredHeard), ["d3"]);
});

test("who moved, from where and where to; not who says two places at once, nor who moved long ago", () => {
  const place = (value: string, first: number, last: number) => ({ value, first: day(first), last: day(last) });
  const { moved } = eventsOf(
    livesOf([
      life("d1", { places: [place("ICU 3", 0, 80), place("Ward 2", 81, 100)] }),
      life("d2", { places: [place("ICU 3", 0, 100), place("bed 4", 80, 100)] }),
      life("d3", { places: [place("ICU 3", 0, 20), place("Ward 2", 21, 100)] }),
      life("d4", { places: [place("ICU 3", 90, 100)] }),
    ]),
  );
  assert.deepEqual(
    moved.rows.map(({ id, note, at }) => [id, note, at]),
    [["d1", "ICU 3, now Ward 2", day(81)]],
  );
});

test("who is heard but not at its work; not who is, who never was, who came yesterday, or whom nobody hears", () => {
  const longAgo = 1 << 20;
  const { idle } = eventsOf(
    livesOf([
      life("d1", { worked: longAgo }),
      life("d2", { worked: longAgo | 1 }),
      life("d3", { worked: 0 }),
      life("d4", { worked: longAgo, first: day(99) }),
      life("d5", { worked: longAgo, last: day(90) }),
      life("d6", { worked: longAgo, status: "retired" }),
    ]),
  );
  assert.deepEqual(ids(idle), ["d1"]);
});
