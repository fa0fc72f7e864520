/** Serves the page: builds it where it is not built, prints its address, opens a browser where there is a screen. */
import { spawn } from "node:child_process";
import { existsSync, renameSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { isBuilt } from "../../scripts/build-web.mjs";
import { serve, type DoorOptions, type Listening, type Served } from "../api/index.ts";
import { serveSites } from "../api/many-sites.ts";
import type { ManySites } from "../api/sites.ts";
import type { Session } from "../api/session.ts";
import { newToken } from "../api/token.ts";
import type { Settings } from "../config.ts";
import { makeFolder } from "../link/folders.ts";
import { metricsKeysIn } from "../link/metrics-keys.ts";
import type { PageTls } from "../link/tls.ts";
import { openEntrance } from "./entrance.ts";
import { CommandError, Exit, paint, say } from "./terminal.ts";
import { whoIsHere } from "./who.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGES = join(ROOT, "web", "dist");
/** Beyond it the log of earlier runs is put aside, and the one put aside before is dropped. */
const LOG_BYTES_MAX = 10_000_000;

export interface Page {
  readonly url: string;
  /** Prints its address, once. */
  tell(): void;
  close(): Promise<void>;
}

export function servePage(session: Session, settings: Settings, browser: boolean): Promise<Page> {
  return servePages(session.dataDirectory, settings, browser, (options) => serve({ ...options, session }));
}

export function serveManySites(many: ManySites, data: string, settings: Settings, browser: boolean): Promise<Page> {
  return servePages(data, settings, browser, (options) => serveSites(options, many));
}

async function servePages(
  data: string,
  settings: Settings,
  browser: boolean,
  serving: (options: DoorOptions & Listening) => Promise<Served>,
): Promise<Page> {
  const metricsKeys = metricsKeysIn(settings.metricsKeys);
  const entrance = await openEntrance(data, settings);
  const { host, port } = settings;
  const username = whoIsHere();
  const { door, signOn, tls, isHere } = entrance;
  await buildPages();
  const page = await serving({
    host,
    port,
    token: isHere ? newToken(username) : null,
    door,
    ...(signOn === null ? {} : { signOn }),
    metricsKeys,
    ...(tls === null ? {} : { tls }),
    webRoot: PAGES,
    logger: logger(data),
  });
  const { port: own } = page;
  entrance.served(new URL(page.url).origin, username);
  if (port !== 0 && own !== port) say(`Port ${port} is taken by another program; the page is on ${own} instead.`);
  const far = process.env["SSH_CONNECTION"];
  if (far === undefined && browser) openBrowser(page.url);
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    say(`Page: ${paint("magenta", page.url, process.stderr)}   Ctrl-C ends; what was found stays.`);
    if (tls !== null) sayCertificate(tls);
    if (far === undefined || !isHere) return;
    const here = far.split(" ")[2] ?? hostname();
    say(`From your own computer: ssh -L ${own}:${host}:${own} ${username}@${here}   then open the same address there.`);
  };
  const close = async () => {
    await page.close();
    entrance.close();
  };
  return { url: page.url, tell, close };
}

function sayCertificate({ fingerprint, isOurs, until }: PageTls): void {
  say(`Certificate SHA-256: ${fingerprint}`);
  if (isOurs) say("Auscult made it, so browsers ask at the first visit: compare what they show with this line.");
  if (until < Date.now()) say("It is past its end: browsers refuse it. Put a new one in its place and start again.");
}

/** A process of its own: what builds pages is large, and is gone when they are built. */
async function buildPages(): Promise<void> {
  if (isBuilt()) return;
  const child = spawn(process.execPath, [join(ROOT, "scripts", "build-web.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code === 0) return;
  if (!existsSync(join(PAGES, "index.html")))
    throw new CommandError(
      "the pages could not be built (see above), and none were built before: npm ci, then npm run build:web",
      Exit.bug,
    );
  say("The pages could not be built anew; those built before are shown.");
}

/** Why requests failed, for whoever looks for a defect: never what was asked, never the token. */
function logger(dataDirectory: string): ReturnType<typeof pino> {
  makeFolder(dataDirectory);
  const file = join(dataDirectory, "page.log");
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.old`);
  return pino({ level: "warn" }, pino.destination({ dest: file, mode: 0o600, sync: true }));
}

/** Only where a person sits in front of it. Root's browser, started by sudo, would be somebody else's. */
function openBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY, SUDO_USER } = process.env;
  const screen = process.platform === "darwin" || (DISPLAY ?? WAYLAND_DISPLAY) !== undefined;
  if (!screen || !process.stderr.isTTY || SUDO_USER !== undefined) return;
  const child = spawn(process.platform === "darwin" ? "open" : "xdg-open", [url], { stdio: "ignore", detached: true });
  child.on("error", () => say("No browser could be opened; the address above is the page."));
  child.unref();
}
