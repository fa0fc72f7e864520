/**
 * The cookies of the page. No script may read them and no other site's request carries them; under TLS the browser takes them from this
 * host alone and sends them over nothing else (`__Host-`, RFC 6265bis section 4.1.3.2). Cookies are shared between the ports of one host,
 * so the port is in their name.
 */
import type { FastifyReply, FastifyRequest } from "fastify";

export const COOKIES = {
  /** The token of the printed address. */
  token: "auscult",
  /** The secret of a sign-in. */
  signIn: "auscult-in",
  /** The secret of a way to the provider of single sign-on and back. */
  signOn: "auscult-on",
  /** The name changes are written under where nobody signs in. */
  name: "auscult-name",
} as const;
type Cookie = keyof typeof COOKIES;

export class Cookies {
  readonly #isSecure: boolean;

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  /** "" where there is none. */
  read(request: FastifyRequest, cookie: Cookie): string {
    const name = this.#nameOf(request, cookie);
    for (const part of (request.headers.cookie ?? "").split(";")) {
      const [key, value] = part.trim().split("=", 2);
      if (key === name && value !== undefined) return value;
    }
    return "";
  }

  /** Until the browser ends, or for `seconds`; 0 takes it away. */
  write(request: FastifyRequest, reply: FastifyReply, cookie: Cookie, value: string, seconds?: number): void {
    const life = seconds === undefined ? "" : `; Max-Age=${seconds}`;
    const secure = this.#isSecure ? "; Secure" : "";
    // Fastify sends each that is set.
    reply.header("set-cookie", `${this.#nameOf(request, cookie)}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}${life}`);
  }

  #nameOf(request: FastifyRequest, cookie: Cookie): string {
    const port = /:(\d+)$/.exec(request.headers.host ?? "")?.[1] ?? (this.#isSecure ? "443" : "80");
    return `${this.#isSecure ? "__Host-" : ""}${COOKIES[cookie]}-${port}`;
  }
}
