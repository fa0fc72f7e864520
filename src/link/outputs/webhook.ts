/**
 * A webhook: ECS as JSON by POST, signed as standardwebhooks.com has it, so that the receiver knows it is ours and takes each id once.
 * Only an answer of 2xx is one; no redirect is followed, since it would lead where no setting says.
 */
import { createHmac } from "node:crypto";
import { request } from "node:http";
import { request as requestTls } from "node:https";
import { ecs } from "./ecs.ts";
import { ANSWER_MS, Unwanted, type Output } from "./output.ts";

export interface WebhookOptions {
  readonly address: string;
  readonly secret: string;
  readonly ca?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** 4xx is ours to mend; these are theirs and pass by. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

export function webhook({ address, secret, ca, now = Date.now }: WebhookOptions): Output {
  const url = new URL(address);
  return {
    name: "webhook",
    where: `${url.origin}${url.pathname}`,
    send: (id, told) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(ecs(told));
        const at = String(Math.floor(now() / 1_000));
        const headers = {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "webhook-id": id,
          "webhook-timestamp": at,
          "webhook-signature": `v1,${signatureOf(secret, id, at, body)}`,
        };
        const options = { method: "POST", headers, agent: false, ...(ca === undefined ? {} : { ca }) };
        const asked = url.protocol === "https:" ? requestTls(url, options) : request(url, options);
        const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1_000} s`)), ANSWER_MS);
        asked.once("error", (error) => {
          clearTimeout(timer);
          reject(error);
        });
        asked.once("response", (response) => {
          clearTimeout(timer);
          const status = response.statusCode ?? 0;
          // What else it says nobody needs, and it may have no end.
          response.destroy();
          if (status >= 200 && status < 300) resolve(`answered ${status}`);
          else if (status >= 400 && status < 500 && !PASSING.has(status)) reject(new Unwanted(`answered ${status}`));
          else reject(new Error(`answered ${status}`));
        });
        asked.end(body);
      }),
    close: () => undefined,
  };
}

export function signatureOf(secret: string, id: string, at: string, body: string): string {
  return createHmac("sha256", secret).update(`${id}.${at}.${body}`).digest("base64");
}
