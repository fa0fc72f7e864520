/**
 * `npm run bundle [FOLDER]`: one archive that runs on a bare Debian 12 without any network, in `dist/` unless said. The same source gives the
 * same bytes: files in their order, with the time of the commit, of nobody in particular.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { VERSION } from "../src/version.ts";
import { ARCHITECTURE, layBundle, ROOT, sourceTime } from "./bundle-tree.ts";

const into = resolve(process.argv[2] ?? join(ROOT, "dist"));
const name = `auscult-${VERSION}-linux-${ARCHITECTURE}`;
const archive = join(into, `${name}.tar.gz`);
const work = mkdtempSync(join(tmpdir(), "auscult-bundle-"));
try {
  mkdirSync(into, { recursive: true });
  await layBundle(join(work, name));
  const asOneFile = ["--create", "--file", archive, "--use-compress-program", "gzip -n -9", "--format", "gnu"];
  const ofNobody = ["--sort=name", `--mtime=@${sourceTime()}`, "--owner=root:0", "--group=root:0", "--numeric-owner"];
  execFileSync("tar", [...asOneFile, ...ofNobody, "--directory", work, name], { env: { PATH: process.env["PATH"], LC_ALL: "C" } });
  const hash = createHash("sha256").update(readFileSync(archive)).digest("hex");
  process.stdout.write(`${archive}\n${(statSync(archive).size / 1e6).toFixed(1)} MB, SHA-256 ${hash}\n`);
} finally {
  rmSync(work, { recursive: true });
}
