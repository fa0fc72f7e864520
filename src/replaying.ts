/**
 * Policies on one page: a recording as it is replayed, joined with what `policies` makes of it. The store knows no policy and `policies`
 * no SQL; the five hashes that make "same input" are taken here.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expectedFlows } from "./knowledge/expected.ts";
import { loadKnowledge } from "./knowledge/index.ts";
import type { Membership, Policy } from "./model/policy.ts";
import type { Replay } from "./model/replay.ts";
import { Expectations } from "./policies/expectations.ts";
import { policyText } from "./policies/text.ts";
import { replayOf, type ReplayWindow } from "./store/queries/replay.ts";
import { recordingName } from "./store/postgres/place.ts";
import { Store } from "./store/reader.ts";
import { stampOf } from "./store/stamp.ts";
import { VERSION } from "./version.ts";

/** Throws an Error for people where there is no recording that can be read. */
export function replayFrom(path: string, window?: ReplayWindow): Replay {
  const store = new Store(path);
  try {
    return replayOf(store, recordingName(path), window);
  } finally {
    store.close();
  }
}

export function expectations(): Expectations {
  return new Expectations(expectedFlows(), loadKnowledge().kinds);
}

/** What a result was made of. The same five give the same bytes. */
export interface Hashes {
  readonly policy: string;
  readonly recording: string;
  readonly membership: string;
  readonly knowledge: string;
  readonly program: string;
}

export function hashesOf(policy: Policy, membership: Membership, replay: Replay): Hashes {
  return {
    policy: hashOf(policyText(policy)),
    recording: hashOf(JSON.stringify([replay.identity, replay.from, replay.to])),
    membership: hashOf(JSON.stringify(membership)),
    knowledge: stampOf([join(import.meta.dirname, "knowledge")], []),
    program: stampOf(["policies", "model", "devices", "store"].map((it) => join(import.meta.dirname, it)), [VERSION]), // prettier-ignore
  };
}

const DIGITS = 32;

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
}
