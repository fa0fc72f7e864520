/** What conditions yield, joined with what they say of themselves, in order and with what people said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { fleetDevice, HEARD_US } from "../testing/fleet.ts";
import { examined, weaknessesOf } from "./examining.ts";

test("what a condition yields wins over what it says of all, and its times are those of its evidence", () => {
  const [it] = examined(fleetDevice(), [
    condition("old", () => [
      {
        because: [
          { at: HEARD_US, text: "later" },
          { at: HEARD_US - 5, text: "before" },
        ],
        title: "Old indeed",
        answer: "possible",
      },
    ]),
  ]);
  assert.deepEqual(
    [it!.title, it!.answer, it!.severity, it!.first, it!.last, it!.because.map(({ text }) => text)],
    ["Old indeed", "possible", "medium", HEARD_US - 5, HEARD_US, ["before", "later"]],
  );
});

test("the worst stands first: affected before possible, severe before not, and what is exploited first of those", () => {
  const yields = (more: Partial<Examined>) => () => [{ because: [{ at: HEARD_US, text: "heard" }], ...more }];
  const weaknesses = examined(fleetDevice(), [
    condition("maybe", yields({ answer: "possible", severity: "critical" })),
    condition("mild", yields({ severity: "low" })),
    condition("bad", yields({ severity: "high" })),
    condition("exploited", yields({ severity: "high", danger: { cvss: 9, vector: null, knownExploited: true, epss: null, worm: true } })),
  ]);
  assert.deepEqual(
    weaknesses.map(({ name }) => name),
    ["exploited", "bad", "mild", "maybe"],
  );
});

test("a device of which nothing is yielded is left out", () => {
  const steps = weaknessesOf(
    [fleetDevice({ id: "d1" }), fleetDevice({ id: "d2" })],
    [condition("only-two", ({ id }) => (id === "d2" ? [{ because: [{ at: 1, text: "heard" }] }] : []))],
  );
  const { value, done } = steps.next();
  assert.equal(done, true);
  assert.deepEqual([...value.keys()], ["d2"]);
});

function condition(name: string, examine: (device: FleetDevice) => Iterable<Examined>): Condition {
  return {
    name, kind: "exposure", title: name, severity: "medium", harms: ["device"], remedy: "ask", control: null, cured: null, minutes: 10,
    source: "a test", misses: "", examine,
  }; // prettier-ignore
}
