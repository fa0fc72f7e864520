/** A page asked for and given: HTTP, RFC 9112. */
import { latin } from "../frames.ts";
import type { Line } from "../wire.ts";

export const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

export interface Page {
  readonly host: string;
  readonly path?: string;
  readonly agent: string;
  readonly server: string;
  readonly body: string;
}

export function page({ host, path = "/", agent, server, body }: Page): readonly Line[] {
  const request = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `User-Agent: ${agent}`, "Accept: */*"];
  const answer = ["HTTP/1.1 200 OK", `Server: ${server}`, "Content-Type: text/html", `Content-Length: ${body.length}`];
  return [
    ["client", latin(`${request.join("\r\n")}\r\n\r\n`)],
    ["server", latin(`${answer.join("\r\n")}\r\n\r\n${body}`)],
  ];
}
