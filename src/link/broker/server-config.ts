/**
 * What nats-server is told: who may come, and what each may say and hear. Written of the credentials in a folder, so that whose file is
 * gone is let in no more. It holds the public halves of keys alone.
 */
import { nkeys } from "@nats-io/transport-node";
import type { Credentials } from "./credentials.ts";
import { batchSubject, CONSUMER, coreInboxOf, inboxOf, REFUSED_STREAM, SETUP_INBOX, statusSubject, streamOf, token } from "./subjects.ts";

/** A batch of 900 KB that packs badly, and its headers. */
const PAYLOAD_BYTES_MAX = 2_097_152;
const CLIENT_PORT = 4222;
const CLUSTER_PORT = 6222;

export interface NodeConfig {
  /** How sensors and cores reach each node: one, or three. */
  readonly nodes: readonly string[];
  readonly node: string;
  readonly port?: number;
  readonly storeFolder: string;
  /** PEM files on the node; null: no encryption, which only a node on this computer may have. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string | null } | null;
  /** The server is 2.10 or newer, which can be told to write before it acknowledges. */
  readonly syncs: boolean;
  readonly users: readonly Credentials[];
}

export function serverConfig({ nodes, node, port = CLIENT_PORT, storeFolder, tls, syncs, users }: NodeConfig): string {
  const others = nodes.filter((it) => it !== node);
  const isAlone = nodes.length === 1;
  return `# nats-server for Auscult, node ${nodes.indexOf(node) + 1} of ${nodes.length}. Written by auscult broker configure: write it anew, do not edit it.
server_name: ${quoted(node)}
listen: ${quoted(`${tls === null ? node : "0.0.0.0"}:${port}`)}
max_payload: ${PAYLOAD_BYTES_MAX}
jetstream {
  store_dir: ${quoted(storeFolder)}
${syncs ? "  # Written before it is acknowledged: a power cut of all nodes at once loses nothing that was.\n  sync_interval: always\n" : ""}}
${tls === null ? "" : tlsBlock(tls, "")}${isAlone ? "" : clusterBlock(others, tls)}accounts {
  # Named, so that SYS is not the only one: older servers let anyone in then (CVE-2023-47090).
  AUSCULT {
    jetstream: enabled
    users: [
${users.map(userLine).join("\n")}
    ]
  }
  SYS {}
}
system_account: SYS
`;
}

export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export function rightsOf({ role, site = "", name = "" }: Pick<Credentials, "role" | "site" | "name">): Rights {
  if (role === "sensor") return { publish: [batchSubject(site, name), statusSubject(site, name)], subscribe: [`${inboxOf(site, name)}.>`] };
  if (role === "setup")
    // Not $JS.API.>: before 2.10.27 whoever has that may purge any account (GHSA-fhg8-qxh5-7q3w).
    return {
      publish: ["$JS.API.INFO", "$JS.API.STREAM.*", "$JS.API.STREAM.*.*", "$JS.API.CONSUMER.>"],
      subscribe: [`${SETUP_INBOX}.>`],
    };
  const stream = streamOf(site);
  const consumer = `$JS.API.CONSUMER`;
  return {
    publish: [
      ...[stream, REFUSED_STREAM].flatMap((it) => [`$JS.API.STREAM.INFO.${it}`, `$JS.API.STREAM.CREATE.${it}`]),
      ...["INFO", "MSG.NEXT", "CREATE", "DURABLE.CREATE"].map((it) => `${consumer}.${it}.${stream}.${CONSUMER}`),
      `${consumer}.CREATE.${stream}.${CONSUMER}.>`,
      `$JS.ACK.${stream}.${CONSUMER}.>`,
      `auscult.to.${token(site)}.>`,
      `auscult.refused.${token(site)}.>`,
    ],
    subscribe: [`${coreInboxOf(site)}.>`, statusSubject(site, "*")],
  };
}

export function newSeed(): string {
  return new TextDecoder().decode(nkeys.createUser().getSeed());
}

function userLine(user: Credentials): string {
  const key = nkeys.fromSeed(new TextEncoder().encode(user.seed)).getPublicKey();
  const { publish, subscribe } = rightsOf(user);
  const list = (subjects: readonly string[]) => `{ allow: [${subjects.map(quoted).join(", ")}] }`;
  return `      # ${[user.role, user.name, user.site].flatMap((it) => (it === undefined ? [] : [token(it)])).join(" ")}
      { nkey: ${key}, permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)} } }`;
}

function tlsBlock({ certificate, key, ca }: NonNullable<NodeConfig["tls"]>, indent: string, verify = false): string {
  const lines = [
    "tls {",
    `  cert_file: ${quoted(certificate)}`,
    `  key_file: ${quoted(key)}`,
    ...(verify && ca !== null ? [`  ca_file: ${quoted(ca)}`, "  verify: true"] : []),
    "  timeout: 5",
    "}",
  ];
  return `${lines.map((line) => indent + line).join("\n")}\n`;
}

/** Nodes know each other by their certificates. */
function clusterBlock(others: readonly string[], tls: NodeConfig["tls"]): string {
  return `cluster {
  name: auscult
  listen: "0.0.0.0:${CLUSTER_PORT}"
  routes: [${others.map((it) => quoted(`nats://${it}:${CLUSTER_PORT}`)).join(", ")}]
${tls === null ? "" : tlsBlock(tls, "  ", true)}}
`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
