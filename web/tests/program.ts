/** The real program as a person starts it, and a browser at the address it prints. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Page } from "playwright-core";
import { ARGS, CHROMIUM, complaintsOf } from "./browser.ts";

const AUSCULT = join(import.meta.dirname, "../../bin/auscult.mjs");
const STARTED_MS = 60_000;

interface Program {
  readonly page: Page;
  /** As printed, with the token. */
  readonly url: string;
  readonly complaints: readonly string[];
  /** What it printed so far. */
  said(): string;
  /** As Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null>;
}

/** `viewport` in CSS pixels. Everything it keeps is gone when it is stopped. */
export async function startProgram(args: readonly string[], viewport = { width: 1366, height: 768 }): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-program-"));
  const child = spawn(process.execPath, [AUSCULT, "--data", join(folder, "data"), ...args, "--no-open"], {
    env: { ...process.env, AUSCULT_PORT: "0", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  let text = "";
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        const printed = /http:\/\/\S+token=\S+/.exec(text)?.[0];
        if (printed !== undefined) resolve(printed);
      });
    void ended.then((code) => reject(new Error(`ended with ${code} before it printed an address:\n${text}`)));
    setTimeout(() => reject(new Error(`printed no address in ${STARTED_MS / 1000} s:\n${text}`)), STARTED_MS).unref();
  });
  const printed = await url;
  const context = await chromium.launchPersistentContext(join(folder, "profile"), { executablePath: CHROMIUM, args: [...ARGS], viewport });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  return {
    page,
    url: printed,
    complaints,
    said: () => text,
    stop: async () => {
      await context.close();
      child.kill("SIGINT");
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
