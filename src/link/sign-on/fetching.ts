/**
 * What the provider of single sign-on is asked by: Node's own HTTP, because its `fetch` takes no authority of the hospital's and bounds
 * neither the answer's length nor the time a slow one takes.
 */
import { request, type IncomingMessage } from "node:http";
import { request as requestTls } from "node:https";

/** Documents, keys and tokens have some KB. */
const ANSWER_BYTES_MAX = 1 << 20;

interface Asked {
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}
export type Fetch = (address: string, asked: Asked) => Promise<Response>;

/** `until` ends all that is asked by it, however often. No redirect is followed: it would lead where no setting says. */
export function fetching(ca: string | undefined, until: AbortSignal): Fetch {
  return (address, { method = "GET", headers = {}, body, signal }) => {
    const url = new URL(address);
    const text = typeof body === "string" || body instanceof URLSearchParams ? body.toString() : "";
    const given = Object.fromEntries(headers instanceof Headers ? headers.entries() : Object.entries(headers));
    const options = {
      method,
      headers: { ...given, ...(text === "" ? {} : { "content-length": Buffer.byteLength(text) }) },
      agent: false as const,
      signal: signal ? AbortSignal.any([signal, until]) : until,
      ...(ca === undefined ? {} : { ca }),
    };
    return new Promise((resolve, reject) => {
      const asked = url.protocol === "https:" ? requestTls(url, options) : request(url, options);
      asked.once("error", reject);
      asked.once("response", (response) => {
        answerOf(response).then(resolve, (error: unknown) => {
          asked.destroy();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
      });
      asked.end(text);
    });
  };
}

async function answerOf(response: IncomingMessage): Promise<Response> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  const status = response.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) if (value !== undefined) headers.set(name, [value].flat().join(", "));
  // The standard gives these no body, and `Response` refuses one.
  return new Response(status === 204 || status === 205 || status === 304 ? null : Buffer.concat(pieces), { status, headers });
}
