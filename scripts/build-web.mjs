// Builds the pages when something that goes into them changed; otherwise says so and does nothing. `npm run build:web` and `auscult start`.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export async function buildWeb(say = (line) => process.stderr.write(`${line}\n`)) {
  const hash = hashOfSources();
  if (isBuilt(hash)) return say("pages: built already");

  const began = performance.now();
  const { build } = await import("vite");
  // Somewhere else, and in their place only when whole: a build may be interrupted, or the pages be shown meanwhile.
  const fresh = join(ROOT, `.cache/pages.${process.pid}`);
  await build({ configFile: join(ROOT, "web/vite.config.ts"), logLevel: "error", build: { outDir: fresh } });
  writeFileSync(join(fresh, HASH), hash);
  if (existsSync(DIST)) renameSync(DIST, `${fresh}.old`);
  renameSync(fresh, DIST);
  rmSync(`${fresh}.old`, { recursive: true, force: true });
  say(`pages: built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** A bundle brings the pages and nothing to build them of: those are the ones. */
export function isBuilt(hash = existsSync(join(ROOT, "web/src")) ? hashOfSources() : undefined) {
  if (hash === undefined) return existsSync(join(DIST, "index.html"));
  const stamp = join(DIST, HASH);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

const ROOT = join(import.meta.dirname, "..");
const DIST = join(ROOT, "web/dist");
const HASH = ".hash";

/** What the pages are made of: their own files, the nouns whose types they use, and the versions of everything else. */
function hashOfSources() {
  const hash = createHash("sha256");
  const files = ["web/index.html", "web/vite.config.ts", "package-lock.json", ...["web/src", "web/public", "src/model"].flatMap(under)];
  for (const file of files.toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  return hash.digest("hex");
}

function under(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((name) => statSync(join(ROOT, name)).isFile());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb();
