/** `auscult broker …`: who may come to the broker and what stands there. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { makeCertificate } from "../accounts/certificate.ts";
import { isLoopback } from "../config.ts";
import { connectTo, serversOf } from "../link/broker/connection.ts";
import { CREDENTIALS_FORM, readCredentials, type Credentials } from "../link/broker/credentials.ts";
import { newSeed, serverConfig } from "../link/broker/server-config.ts";
import { canSync } from "../link/broker/server-version.ts";
import { ensureRefused, ensureSite } from "../link/broker/streams.ts";
import { REFUSED_STREAM, SETUP_INBOX, streamOf, token } from "../link/broker/subjects.ts";
import { makeFolder } from "../link/folders.ts";
import { inWords } from "../link/refusals.ts";
import { forPeople } from "./broker-errors.ts";
import { CommandError, Exit, print, say } from "./terminal.ts";

const HASH_KEY_BYTES = 32;
const SITE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;
const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/;

export interface ConfigureOptions {
  readonly out: string;
  readonly nodes: readonly string[];
  readonly sites: readonly string[];
  /** SITE/NAME. */
  readonly sensors: readonly string[];
  readonly ca?: string;
  readonly port?: number;
  readonly store: string;
  readonly serverVersion: string;
}

/** Writes credentials that are not there yet, and for each node its configuration of all that are. */
export async function configure(options: ConfigureOptions): Promise<void> {
  const { out, nodes, sensors, store, serverVersion } = options;
  if (nodes.length !== 1 && nodes.length !== 3) throw new CommandError(`--nodes: expected one node or three, got ${nodes.length}`);
  for (const node of nodes)
    if (!NODE_NAME.test(node)) throw new CommandError(`--nodes: expected names or addresses of hosts, got "${node}"`);
  const wanted = sensors.map(sensorNamed);
  const sites = [...new Set([...options.sites, ...wanted.map(({ site }) => site)])];
  for (const site of sites) if (!SITE_NAME.test(site)) throw new CommandError(`--sites: expected names of sites, got "${site}"`);
  makeFolder(out);
  const tls = tlsOf(options);
  const ca = tls?.pem;
  const known = credentialsIn(out);
  const added: Credentials[] = [];
  const add = (it: Omit<Credentials, "form" | "seed">) => {
    const file = join(out, fileOf(it));
    if (existsSync(file)) return;
    const credentials = { form: CREDENTIALS_FORM, seed: newSeed(), ...it, ...(ca === undefined ? {} : { ca }) } as const;
    writeFileSync(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    added.push(credentials);
  };
  add({ role: "setup" });
  for (const site of sites) add({ role: "core", site });
  for (const { site, name } of wanted) add({ role: "sensor", site, name, hashKey: hashKeyOf(site, [...known, ...added]) });

  const users = credentialsIn(out);
  for (const node of nodes) {
    const file = join(out, `nats-server-${node}.conf`);
    const config = serverConfig({
      nodes,
      node,
      storeFolder: store,
      tls: tls?.files ?? null,
      syncs: canSync(serverVersion),
      users,
      ...(options.port === undefined ? {} : { port: options.port }),
    });
    writeFileSync(file, config, { mode: 0o600 });
    await print(`${file}\n`);
  }
  for (const it of added) await print(`${join(out, fileOf(it))}\n`);
  say(
    `${added.length === 0 ? "Nobody was added" : `${added.length} were added`}; whose file is taken away is let in no more once the servers read the new configuration.`,
  );
}

export interface SetupOptions {
  readonly broker: string;
  readonly credentials?: string;
  readonly sites: readonly string[];
  readonly replicas: number;
}

/** Makes what is not there: for each site a stream with its consumer, and the stream of what is refused. */
export async function setup({ broker, credentials, sites, replicas }: SetupOptions): Promise<void> {
  forPeople(() => serversOf(broker));
  const who = credentials === undefined ? null : forPeople(() => readCredentials(credentials, "setup"));
  try {
    const connection = await connectTo({ broker, credentials: who, name: "setup", inbox: SETUP_INBOX, once: true });
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false });
      for (const site of sites) {
        await ensureSite(manager, site, { replicas });
        await print(`${streamOf(site)}\n`);
      }
      await ensureRefused(manager, { replicas });
      await print(`${REFUSED_STREAM}\n`);
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw new CommandError(`${broker}: ${(error as Error).message}`, Exit.configuration);
  }
}

interface NodeTls {
  readonly files: { readonly certificate: string; readonly key: string; readonly ca: string | null };
  /** Whom sensors and cores trust. */
  readonly pem: string;
}

/** Null on this computer. One node gets a certificate of our making, unless the hospital's own authority is named; three need that. */
function tlsOf({ out, nodes, ca }: ConfigureOptions): NodeTls | null {
  const [node = ""] = nodes;
  if (nodes.length === 1 && isLoopback(node) && ca === undefined) return null;
  if (ca !== undefined) {
    const files = { certificate: "/etc/nats-server/certificate.pem", key: "/etc/nats-server/key.pem", ca: "/etc/nats-server/ca.pem" };
    say(`Each node needs its certificate as ${files.certificate}, its key as ${files.key} and ${ca} as ${files.ca}.`);
    return { files, pem: readText(ca) };
  }
  if (nodes.length > 1)
    throw new CommandError("--ca: expected the certificate of the authority that signed those of the three nodes, got none");
  const files = { certificate: resolve(out, "broker-certificate.pem"), key: resolve(out, "broker-key.pem"), ca: null };
  if (!existsSync(files.key)) {
    const made = makeCertificate(isIP(node) === 0 ? [node, "localhost"] : [node, "127.0.0.1"], Date.now());
    writeFileSync(files.certificate, made.certificate, { mode: 0o600 });
    writeFileSync(files.key, made.key, { mode: 0o600 });
  }
  return { files, pem: readText(files.certificate) };
}

function sensorNamed(text: string): { readonly site: string; readonly name: string } {
  const [site = "", name = "", ...more] = text.split("/");
  if (!SITE_NAME.test(site) || !SITE_NAME.test(name) || more.length > 0)
    throw new CommandError(`--sensors: expected SITE/NAME, such as north/er-1, got "${text}"`);
  return { site, name };
}

function credentialsIn(folder: string): readonly Credentials[] {
  const files = readdirSync(folder).filter((name) => /^(setup|(core|sensor)-.*)\.json$/.test(name));
  return files.toSorted().map((name) => {
    const role = (["setup", "core", "sensor"] as const).find((it) => name.startsWith(it))!;
    return forPeople(() => readCredentials(join(folder, name), role));
  });
}

function fileOf({ role, site, name }: Pick<Credentials, "role" | "site" | "name">): string {
  return `${[role, ...[site, name].flatMap((it) => (it === undefined ? [] : [token(it)]))].join("-")}.json`;
}

/** One for all sensors of a site. */
function hashKeyOf(site: string, known: readonly Credentials[]): string {
  return known.find((it) => it.site === site && it.hashKey !== undefined)?.hashKey ?? randomBytes(HASH_KEY_BYTES).toString("hex");
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`${file}: expected a certificate that can be read, got ${inWords(error)}`);
  }
}
