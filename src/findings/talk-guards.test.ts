import assert from "node:assert/strict";
import { test } from "node:test";
import { talkGuardOf, talkGuards, type TalkHeard } from "./talk-guards.ts";

const called = (name: string) => talkGuards().find((it) => it.name === name)!;
const NONE: TalkHeard = { devices: 4, heard: 0, answered: 0, encrypted: 0 };
const said = (name: string, heard: Partial<TalkHeard>, isLearned = true, ofOne = false) => {
  const { state, says } = talkGuardOf(called(name), { ...NONE, ...heard }, isLearned, ofOne);
  return `${state}: ${says}`;
};

test("each is for kinds of the tree, with all that lies under them", () => {
  assert.ok(called("monitors").kinds.includes("telemetry transmitter"), "under a patient monitor");
  assert.ok(called("imaging").kinds.includes("mammography system"), "under an X-ray system, under an imaging device");
  assert.ok(talkGuards().every(({ kinds }) => kinds.length > 0));
});

test("where nothing is heard it is blind and says what would open it", () => {
  assert.equal(
    said("building", {}),
    "blind: talk heard for 0 of 4 controllers of the building: this guard is blind here; a mirror where its talk passes would open it, where that is not encrypted",
  );
  assert.match(said("imaging", { encrypted: 3 }), /^blind: .* 3 speak encrypted, and where that is their work no mirror opens it$/);
  assert.match(said("nurse-call", { devices: 1 }), /^blind: commands heard for 0 of 1 nurse call or tube system: what they say/);
});

test("one direction is half of it, the first days tell nobody apart, and then it hears, of as many as it does", () => {
  assert.match(said("imaging", { heard: 4 }), /^half-blind: talk heard for 4 of 4 devices for images, in one direction/);
  assert.match(said("imaging", { heard: 4, answered: 4 }, false), /^learning: .*it may miss a stranger, or take who seldom comes for one$/);
  assert.equal(
    said("monitors", { heard: 3, answered: 2 }),
    "hearing: talk heard for 3 of 4 monitors and ventilators, in both directions for 2; of the other one nothing that could be read",
  );
  assert.match(said("record", { devices: 1 }, true, true), /^blind: nothing that is said to this device can be read/);
});
