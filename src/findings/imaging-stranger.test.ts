import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notable } from "../model/notable.ts";
import { claims, machine, SECOND_US, signal } from "../testing/watched.ts";
import { imagingBulk } from "./imaging-bulk.ts";
import { imagingStranger } from "./imaging-stranger.ts";

const [ARCHIVE, DESK, SCANNER, STRANGER, ELSEWHERE] = [1, 2, 3, 66, 67].map((it) => machine(it)) as [
  ReturnType<typeof machine>,
  ...ReturnType<typeof machine>[],
];
const heard = (seconds: number, what: Notable, sender = DESK, receiver = ARCHIVE, count = 1) =>
  signal(seconds, { kind: "notable", what, sender: sender!, receiver, count });
/** Two who visit the archive and have images sent to the first of them. */
const usual = Array.from({ length: 30 }, (_, i) => [
  heard(i * 10, "dicomAssociation", i % 2 === 0 ? DESK : SCANNER),
  heard(i * 10 + 1, "dicomSubOperation", ARCHIVE, DESK),
]).flat();

test("a stranger's association, question and retrieval are told of, and that images go to him at the first of them", () => {
  assert.deepEqual(
    claims(imagingStranger, [
      ...usual,
      heard(400, "dicomAssociation", STRANGER),
      heard(401, "dicomRetrieve", STRANGER),
      heard(402, "dicomSubOperation", ARCHIVE, STRANGER),
    ]),
    [
      "400 s: visited by 10.0.0.66, which made none of the 30 visits heard before",
      "401 s: asked to send images by 10.0.0.66, which made none of the 30 visits heard before",
      "402 s: sends images to 10.0.0.66, a stranger who asked for them, where none of the 30 sendings heard before went",
    ],
  );
});

test("one who belongs there is silent, also when he asks; images to where they never went are told of", () => {
  assert.deepEqual(
    claims(imagingStranger, [
      ...usual,
      heard(400, "dicomAssociation"),
      heard(401, "dicomQuery"),
      heard(402, "dicomRetrieve"),
      heard(403, "dicomSubOperation", ARCHIVE, DESK),
    ]),
    [],
  );
  assert.deepEqual(claims(imagingStranger, [...usual, heard(400, "dicomRetrieve"), heard(403, "dicomSubOperation", ARCHIVE, ELSEWHERE)]), [
    "403 s: sends images to 10.0.0.67, where none of the 30 sendings heard before went",
  ]);
});

test("while new ones keep coming nobody is a stranger", () => {
  const many = Array.from({ length: 60 }, (_, i) => heard(i, "dicomAssociation", machine(100 + Math.floor(i / 3))));
  assert.deepEqual(claims(imagingStranger, many), []);
});

test("questions by the hundred are told of where the pair never asked so; a night job is as large as ever", () => {
  const day = 86_400;
  const minute = (seconds: number, count: number) => [heard(seconds, "dicomQuery", DESK, ARCHIVE, count)];
  assert.deepEqual(claims(imagingBulk, [...minute(0, 3), ...minute(2 * day, 40)]), [
    "172800 s: 40 questions within a minute; the most before was 3",
  ]);
  assert.deepEqual(claims(imagingBulk, [...minute(0, 30), ...minute(2 * day, 40)]), []);
  assert.deepEqual(claims(imagingBulk, minute(60, 400)), [], "the recording's first day");
  const since = signal(0, { kind: "load" }).at - 3 * day * SECOND_US;
  assert.deepEqual(claims(imagingBulk, minute(0, 400), { since }), ["0 s: 400 questions within a minute; the most before was 0"]);
});
