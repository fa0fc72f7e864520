/**
 * A stranger has an archive send him a patient's images: DCMTK's own movescu and a real Orthanc, each in a namespace of its own. He is told
 * of at the first image that goes where none went. Needs root, and ip, tcpdump, Orthanc and DCMTK from Debian.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";
import type { Finding } from "../model/finding.ts";
import { run } from "../testing/command.ts";
import { Lab, type LabHost } from "../testing/lab.ts";
import { sensed } from "../testing/sensed.ts";

const missing = ["ip", "tcpdump", "Orthanc", "movescu", "storescu", "storescp", "echoscu", "dump2dcm"].filter((it) => findProgram(it) === undefined); // prettier-ignore
const skip = process.getuid?.() !== 0 ? "needs root: NOT PROVED" : missing.length > 0 ? `needs ${missing.join(", ")}: NOT PROVED` : false;

const SERVERS_SECONDS = 5;
const STUDY = "1.2.826.0.1.3680043.8.498.77";
const IMAGE = [
  "(0008,0005) CS [ISO_IR 100]", "(0008,0016) UI =CTImageStorage", "(0008,0018) UI [1.2.826.0.1.3680043.8.498.1]", "(0008,0060) CS [CT]",
  "(0010,0010) PN [Marker^Zebedee]", "(0010,0020) LO [MRN-77120934]", `(0020,000d) UI [${STUDY}]`, "(0020,000e) UI [1.2.826.0.1.3680043.8.498.3]",
]; // prettier-ignore
const folder = mkdtempSync(join(tmpdir(), "auscult-clinical-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Somebody of the department visits the archive twenty times and has images sent to his desk; then `last` has them sent to himself. */
async function moved(
  name: string,
  last: "desk" | "stranger",
): Promise<{ readonly findings: readonly Finding[]; readonly capture: string }> {
  const below = join(folder, name);
  mkdirSync(below);
  const lab = new Lab(below);
  try {
    await lab.listen();
    const host = (of: string, number: number): LabHost => lab.host(of, `02:00:5e:77:00:0${number}`, `10.77.0.${number}`);
    const [archive, desk, stranger] = [host("archive", 1), host("desk", 2), host("stranger", 3)];
    mkdirSync(join(archive.folder, "kept"));
    const settings = {
      Name: "ARCHIVE", StorageDirectory: join(archive.folder, "kept"), IndexDirectory: join(archive.folder, "kept"), RemoteAccessAllowed: true,
      AuthenticationEnabled: false, DicomAet: "ARCHIVE", DicomPort: 11112, DicomCheckCalledAet: false, DicomAlwaysAllowMove: true, DicomAlwaysAllowFind: true,
      HttpPort: 8042, Plugins: [], DicomModalities: { DESK: ["DESK", desk.ip, 104], STRANGER: ["STRANGER", stranger.ip, 104] },
    }; // prettier-ignore
    lab.serve(archive, "Orthanc", lab.file(archive, "orthanc.json", JSON.stringify(settings)));
    for (const it of [desk, stranger]) lab.serve(it, "storescp", "-od", it.folder, "104");
    await sleep(SERVERS_SECONDS * 1_000);
    const image = join(desk.folder, "image.dcm");
    execFileSync("dump2dcm", [lab.file(desk, "image.dump", IMAGE.join("\n")), image]);
    const ask = (from: LabHost, program: string, ...rest: readonly string[]) =>
      lab.ask(from, [program, "-aet", from.name.toUpperCase(), "-aec", "ARCHIVE", archive.ip, "11112", ...rest]);
    const move = (from: LabHost) =>
      lab.ask(from, ["movescu", "-S", "-aet", from.name.toUpperCase(), "-aem", from.name.toUpperCase(), "-aec", "ARCHIVE", "-k", "0008,0052=STUDY", "-k", `0020,000D=${STUDY}`, archive.ip, "11112"]); // prettier-ignore
    await ask(desk, "storescu", image);
    for (let i = 0; i < 22; i++) await ask(desk, "echoscu");
    await move(desk);
    await move(last === "desk" ? desk : stranger);
    await sleep(2_000);
  } finally {
    await lab.close();
  }
  const data = join(below, "data");
  const { code, stderr } = await run("--data", data, "open", lab.capture, "--exit");
  assert.equal(code, 0, stderr);
  const { stdout } = await run("--data", data, "findings", "--json");
  return { findings: (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings, capture: lab.capture };
}

test("a stranger who has images sent to himself is told of at the first of them", { skip }, async (t) => {
  const { findings, capture } = await moved("stranger", "stranger");
  const it = findings.find(({ detector }) => detector === "imaging-stranger");
  assert.ok(it !== undefined, `expected the stranger, got ${findings.map(({ detector }) => detector).join(", ") || "nothing"}`);
  t.diagnostic(`${it.severity}: ${it.because.map(({ text }) => text).join("; ")}`);
  assert.equal(it.severity, "high");
  assert.equal(it.about?.ip, "10.77.0.1");
  assert.ok(it.others.some(({ ip }) => ip === "10.77.0.3"));
  assert.ok(it.because.some(({ text }) => text.startsWith("sends images to 10.77.0.3")));
  assert.equal(findings.filter(({ detector }) => detector === it.detector).length, 1, "one story");
  const sent = (await sensed(capture)).flatMap((batch) => batch.signals.filter((row) => row[5] === "dicomSubOperation" && batch.addresses[row[3]]![2] === "10.77.0.3")); // prettier-ignore
  assert.equal(sent.length, 1);
  assert.ok(it.last <= sent[0]![0], "told of in the second of the first image that went to him");
});

test("the same by one of the department is silent", { skip }, async () => {
  const { findings } = await moved("desk", "desk");
  assert.deepEqual(findings.filter(({ family }) => family !== "exposure").map(({ detector, summary }) => `${detector}: ${summary}`), []); // prettier-ignore
});
