#!/usr/bin/env node
// Starts Auscult under the Node it was built for. Plain JavaScript, so that an older Node can read it and say what is missing.
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 26;
/** How the system's loader ends a program whose libraries it does not find; it has said which. Auscult itself never ends so. */
const NOT_LOADED = 127;
/** What was made of the source is made once, not at each start. In a folder that `npm ci` empties, and none that others may write to. */
const cache = fileURLToPath(new URL("../node_modules/.cache/auscult", import.meta.url));
const programs = fileURLToPath(new URL("../node_modules/.cache/auscult-program", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  module.enableCompileCache(cache);
  // Its threads take it from there.
  process.env.NODE_COMPILE_CACHE ??= cache;
  // A launcher that was killed could not tell: nobody would know what goes on listening.
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
  await import(await program());
} else {
  const node = packagedNode();
  if (node === undefined) {
    const name = packageOf(process.platform, process.arch);
    process.stderr.write(
      `auscult: expected Node ${NEEDED} (package ${name}), got Node ${process.version}. Run "npm ci" in Auscult's folder.\n`,
    );
    process.exit(5);
  }
  const { spawn } = await import("node:child_process");
  const child = spawn(node, [process.argv[1], ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { NODE_COMPILE_CACHE: cache, ...process.env },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`auscult: could not start ${node}: ${error.message}\n`);
    process.exit(5);
  });
  child.on("exit", (code, signal) => {
    if (code === NOT_LOADED) {
      process.stderr.write(
        `auscult: expected Node ${NEEDED} to start, but this machine lacks the library named above. On Debian: apt-get install libatomic1\n`,
      );
      process.exit(5);
    }
    if (signal === null) process.exit(code ?? 70);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Where it starts: what was made of the source as it stands, or the source. */
async function program() {
  const { keptBefore } = await import("../src/link/unchanged.ts");
  const kept = keptBefore(programs, fileURLToPath(new URL("../src", import.meta.url)));
  if (kept !== undefined) return `${kept}/src/main.mjs`;
  return (await (await import("../src/link/program-source.ts")).keptProgram(programs)) ?? "../src/main.ts";
}

/** The binary that `npm ci` put beside us for this platform; undefined where there is none. */
function packagedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${packageOf(process.platform, process.arch)}/package.json`);
    return join(dirname(manifest), "bin", "node");
  } catch {
    return undefined; // Not installed: the caller says so and how to cure it.
  }
}

function packageOf(platform, arch) {
  return platform === "darwin" ? `node-bin-darwin-${arch}` : `node-${platform}-${arch}`;
}
