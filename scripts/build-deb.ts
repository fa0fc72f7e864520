/**
 * `npm run deb [FOLDER]`: the bundle as a Debian package, in `dist/` unless said, by dpkg-deb alone. The same source gives the same bytes. What
 * the bundle brings of Debian's own (libatomic) is here a dependency.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { VERSION } from "../src/version.ts";
import { ARCHITECTURE, layBundle, ROOT, sourceTime } from "./bundle-tree.ts";

const DEPLOY = join(ROOT, "deploy");
const DEBIAN_ARCHITECTURE = ARCHITECTURE === "x64" ? "amd64" : ARCHITECTURE;
const PROGRAM = "usr/lib/auscult";
const DOCUMENTS = "usr/share/doc/auscult";
/** Kept as its owner changed it, at each upgrade. */
const CONFIGURATION = ["auscult.env", "core.env", "sensor.env"].map((name) => `etc/auscult/${name}`);
const UNITS = ["auscult.service", "auscult-core.service", "auscult-sensor.service"];
const SCRIPTS = ["postinst", "prerm", "postrm"];

const into = resolve(process.argv[2] ?? join(ROOT, "dist"));
const name = `auscult_${VERSION}_${DEBIAN_ARCHITECTURE}.deb`;
const work = mkdtempSync(join(tmpdir(), "auscult-deb-"));
try {
  mkdirSync(into, { recursive: true });
  const tree = join(work, "auscult");
  await layBundle(join(tree, PROGRAM));
  rmSync(join(tree, PROGRAM, "lib"), { recursive: true });
  layDocuments(tree);
  for (const path of CONFIGURATION) place(tree, path, basename(path));
  place(tree, "usr/share/lintian/overrides/auscult", "debian/lintian-overrides");
  for (const unit of UNITS) place(tree, `lib/systemd/system/${unit}`, unit);
  mkdirSync(join(tree, "usr/bin"), { recursive: true });
  symlinkSync("../lib/auscult/auscult", join(tree, "usr/bin/auscult"));
  const size = setModes(tree);
  layControl(tree, size);
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z9", "--build", tree, join(into, name)], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceTime()), LC_ALL: "C" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const hash = createHash("sha256")
    .update(readFileSync(join(into, name)))
    .digest("hex");
  process.stdout.write(`${join(into, name)}\n${(statSync(join(into, name)).size / 1e6).toFixed(1)} MB, SHA-256 ${hash}\n`);
} finally {
  rmSync(work, { recursive: true });
}

/** Where Debian has them: not beside the program. The license text itself is Debian's. */
function layDocuments(tree: string): void {
  mkdirSync(join(tree, DOCUMENTS), { recursive: true });
  for (const it of ["docs", "NOTICE", "README.md", "SECURITY.md"]) renameSync(join(tree, PROGRAM, it), join(tree, DOCUMENTS, it));
  rmSync(join(tree, PROGRAM, "LICENSE"));
  place(tree, `${DOCUMENTS}/copyright`, "debian/copyright");
  const made = new Date(sourceTime() * 1000).toUTCString().replace("GMT", "+0000");
  const entry = `auscult (${VERSION}) bookworm; urgency=medium\n\n  * What changed is told by the history of the source.\n\n -- ${maintainer()}  ${made}\n`;
  writeFileSync(join(tree, DOCUMENTS, "changelog.gz"), gzipSync(entry, { level: 9 }));
}

function layControl(tree: string, size: number): void {
  const control = join(tree, "DEBIAN");
  mkdirSync(control);
  const own = `Version: ${VERSION}\nArchitecture: ${DEBIAN_ARCHITECTURE}\nInstalled-Size: ${Math.ceil(size / 1024)}\n`;
  writeFileSync(join(control, "control"), readFileSync(join(DEPLOY, "debian/control"), "utf8").replace(/^Section:/m, `${own}Section:`));
  writeFileSync(join(control, "conffiles"), CONFIGURATION.map((path) => `/${path}\n`).join(""));
  writeFileSync(join(control, "md5sums"), sumsOf(tree));
  for (const script of SCRIPTS) cpSync(join(DEPLOY, "debian", script), join(control, script));
  chmodSync(control, 0o755);
  for (const file of readdirSync(control)) chmodSync(join(control, file), SCRIPTS.includes(file) ? 0o755 : 0o644);
}

function maintainer(): string {
  return /^Maintainer: (.*)$/m.exec(readFileSync(join(DEPLOY, "debian/control"), "utf8"))![1]!;
}

function place(tree: string, path: string, from: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  cpSync(join(DEPLOY, from), join(tree, path));
}

/** Whatever the builder's umask was. Programs have theirs already. Answers how many bytes there are. */
function setModes(tree: string): number {
  chmodSync(tree, 0o755);
  let bytes = 0;
  for (const it of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(it.parentPath, it.name);
    if (it.isDirectory()) chmodSync(path, 0o755);
    else if (it.isFile()) {
      const { mode, size } = statSync(path);
      chmodSync(path, (mode & 0o100) === 0 ? 0o644 : 0o755);
      bytes += size;
    }
  }
  return bytes;
}

/** By which `dpkg --verify` tells a file that was changed; configuration is its owner's. */
function sumsOf(tree: string): string {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && it.parentPath !== join(tree, "DEBIAN"))
    .map((it) => join(it.parentPath, it.name).slice(tree.length + 1))
    .filter((path) => !CONFIGURATION.includes(path))
    .toSorted()
    .map(
      (path) =>
        `${createHash("md5")
          .update(readFileSync(join(tree, path)))
          .digest("hex")}  ${path}\n`,
    )
    .join("");
}
