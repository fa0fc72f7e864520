/**
 * `npm run score -- findings`: what watches find in captures nobody here wrote. An attack is found when a finding of its family names one
 * of the addresses of the frames in which it shows (attacks.tsv). Everything else that is called a threat or clinical, in the other
 * captures and of the other machines in these, is listed as false; hazards are listed, since innocent captures hold real ones.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Finding, FindingParty } from "../src/model/finding.ts";
import type { Reading } from "./reading.ts";
import { percent } from "./tally.ts";

interface Outcome extends Reading {
  readonly capture: { readonly file: string; readonly category: string };
}

interface Attack {
  readonly file: string;
  readonly family: string;
  readonly frames: string;
  readonly shows: string;
}

/** Of hazards no more are listed of one capture. */
const SHOWN_MAX = 4;

export function* findingLines(outcomes: readonly Outcome[], folder: string): Iterable<string> {
  const attacks = new Map(attacksListed().map((it) => [it.file, it]));
  const judged = outcomes
    .filter(({ capture }) => capture.category === "attacks")
    .map((outcome) => {
      const attack = attacks.get(basename(outcome.capture.file));
      if (attack === undefined) throw new Error(`expected ${outcome.capture.file} in bench/attacks.tsv`);
      const path = join(folder, outcome.capture.file);
      const empty = attack.family === "none" && framesOf(path, attack.frames, ["frame.number"]).length === 0;
      const own = attack.family === "none" ? new Set<string>() : addressesOf(path, attack.frames);
      const hits = outcome.findings.filter((it) => isOf(it, attack.family) && names(it, own));
      return { outcome, attack, own, empty, hits };
    });

  const found = judged.filter(({ hits }) => hits.length > 0);
  const otherwise = judged.filter(({ hits, outcome, own }) => hits.length === 0 && outcome.findings.some((it) => names(it, own)));
  const showing = judged.filter(({ empty }) => !empty);
  yield `  attacks found         ${found.length} of ${judged.length} (${percent(found.length, judged.length)}); of the ${showing.length} that show anything ${percent(found.length, showing.length)}`;
  yield `  as another family     ${otherwise.length}; with them ${percent(found.length + otherwise.length, showing.length)} of those that show anything`;
  for (const { attack, empty } of judged) if (empty) yield `    left out: ${attack.file}: the filter "${attack.frames}" matches 0 frames`;
  for (const { attack, hits, outcome } of judged) {
    if (hits.length > 0) yield `    found: ${attack.file}: ${hits.map((it) => `${it.detector} (${it.summary})`).join("; ")}`;
    else yield `    not found: ${attack.file}: ${attack.shows}${outcome.findings.length === 0 ? "" : `; instead ${outcome.findings.map((it) => it.detector).join(", ")}`}`; // prettier-ignore
  }

  const beside = outcomes
    .filter(({ capture }) => capture.category !== "attacks")
    .map(({ capture, findings }) => {
      const attack = attacks.get(capture.file);
      const own = attack === undefined ? new Set<string>() : addressesOf(join(folder, capture.file), attack.frames);
      return { capture, attack, hits: findings.filter((it) => names(it, own)), findings: findings.filter((it) => !names(it, own)) };
    });
  for (const { capture, attack, hits } of beside)
    if (attack !== undefined) yield `    elsewhere: ${capture.file}: ${attack.shows}; ${hits.length === 0 ? "not found" : `found: ${hits.map((it) => it.detector).join(", ")}`}`; // prettier-ignore

  const innocent = [
    ...beside.map(({ capture, findings }) => ({ capture, findings })),
    ...judged.map(({ outcome, own }) => ({ capture: outcome.capture, findings: outcome.findings.filter((it) => !names(it, own)) })),
  ];
  const told = innocent.flatMap(({ capture, findings }) => findings.map((finding) => ({ capture, finding })));
  const wrong = told.filter(({ finding }) => finding.family === "threat" || finding.family === "clinical");
  yield `  false threats         ${wrong.length}, clinical ones among them ${wrong.filter(({ finding }) => finding.family === "clinical").length}, in ${innocent.length} captures`;
  for (const { capture, finding } of wrong) yield `    false: ${capture.file}: ${line(finding)}`;
  const hazards = innocent.filter(({ findings }) => findings.some(({ family }) => family === "hazard" || family === "exposure"));
  yield `  hazards beside them   in ${hazards.length} captures`;
  for (const { capture, findings } of hazards) {
    const of = findings.filter(({ family }) => family === "hazard" || family === "exposure");
    for (const it of of.slice(0, SHOWN_MAX)) yield `    hazard: ${capture.file}: ${line(it)}`;
    if (of.length > SHOWN_MAX) yield `    hazard: ${capture.file}: and ${of.length - SHOWN_MAX} more`;
  }
}

function isOf({ family }: Finding, wanted: string): boolean {
  return wanted === "policy" || family === wanted;
}

/** Whether one of its sides is one of these addresses. */
function names({ about, others }: Finding, addresses: ReadonlySet<string>): boolean {
  return [about, ...others].some((it) => it !== null && [it.ip, it.mac].some((address) => address !== null && addresses.has(address)));
}

function addressesOf(path: string, frames: string): Set<string> {
  const filter = frames.split(" ").map((it) => `frame.number==${it}`).join(" or "); // prettier-ignore
  const fields = ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "eth.src"];
  const found = framesOf(path, filter, fields).flatMap((it) => it.split("\t")).filter((it) => it !== "" && !it.endsWith("ff:ff")); // prettier-ignore
  if (found.length === 0) throw new Error(`expected addresses in frame ${frames} of ${path}`);
  return new Set(found);
}

function framesOf(path: string, filter: string, fields: readonly string[]): readonly string[] {
  const args = ["-r", path, "-Y", filter, "-T", "fields", "-E", "occurrence=f", ...fields.flatMap((it) => ["-e", it])];
  const { status, stdout, stderr, error } = spawnSync("tshark", args, { encoding: "utf8" });
  // 2: the capture ends in the middle of a frame; what came before it was read.
  if (error !== undefined || (status !== 0 && !stderr.includes("cut short")))
    throw new Error(`expected tshark to read ${path}, got: ${error?.message ?? stderr}`);
  return stdout.split("\n").filter((it) => it !== "");
}

function attacksListed(): readonly Attack[] {
  const text = readFileSync(join(import.meta.dirname, "attacks.tsv"), "utf8");
  return text
    .split("\n")
    .filter((it) => it !== "" && !it.startsWith("#"))
    .map((it) => {
      const [file = "", family = "", frames = "", shows = ""] = it.split("\t");
      return { file, family, frames, shows };
    });
}

function line({ detector, severity, about, others, summary }: Finding): string {
  return `${severity} ${detector}: ${[about, ...others.slice(0, 1)].map((it) => addressOf(it)).join(" by ")}: ${summary}`;
}

function addressOf(it: FindingParty | null): string {
  return it === null ? "a segment" : (it.ip ?? it.mac ?? "?");
}
