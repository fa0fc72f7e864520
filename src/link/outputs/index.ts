/** Who is told of findings, as the settings say; nobody unless they do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WrongSettings, type Settings } from "../../config.ts";
import { Outbox } from "../../store/outbox.ts";
import { inWords } from "../refusals.ts";
import { file } from "./file.ts";
import type { Output } from "./output.ts";
import { Sending } from "./sending.ts";
import { syslog } from "./syslog.ts";
import { webhook } from "./webhook.ts";

export const OUTPUT_NAMES = ["syslog", "webhook", "file"] as const;

/** Throws WrongSettings where a file that is named cannot be read. */
export function outputsOf({ outputSyslog, outputWebhook, outputWebhookKey, outputFile, outputCa }: Settings): readonly Output[] {
  const ca = outputCa === "" ? {} : { ca: textIn("outputCa", outputCa) };
  const outputs: Output[] = [];
  if (outputSyslog !== "") {
    const { protocol, hostname, port } = new URL(outputSyslog);
    const transport = protocol.slice(0, -1) as "udp" | "tcp" | "tls";
    outputs.push(syslog({ transport, host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), ...ca }));
  }
  if (outputWebhook !== "") {
    if (outputWebhookKey === "")
      throw new WrongSettings("outputWebhookKey: expected a file with the key that webhooks are signed with, got none");
    const secret = textIn("outputWebhookKey", outputWebhookKey).trim();
    if (secret.length < KEY_LENGTH_MIN)
      throw new WrongSettings(`outputWebhookKey: expected a key of at least ${KEY_LENGTH_MIN} characters, got ${secret.length}`);
    outputs.push(webhook({ address: outputWebhook, secret, ...ca }));
  }
  if (outputFile !== "") outputs.push(file(outputFile));
  return outputs;
}

/** Fewer are guessed. */
const KEY_LENGTH_MIN = 24;

/** Null where nobody is to be told. */
export function sendingOf(dataDirectory: string, settings: Settings, log: (text: string) => void): Sending | null {
  const outputs = outputsOf(settings);
  if (outputs.length === 0) return null;
  const outbox = new Outbox(join(dataDirectory, "outbox.db"));
  const sending = new Sending({ outbox, outputs, site: settings.site, severity: settings.outputSeverity, log });
  void sending.run();
  return sending;
}

function textIn(setting: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new WrongSettings(`${setting}: expected a file that can be read, got ${inWords(error)}: ${path}`, { cause: error });
  }
}
