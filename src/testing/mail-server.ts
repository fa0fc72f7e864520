/** A mail server (RFC 5321) on a free port of this computer that keeps what it took, and misbehaves where a test says so. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { TestContext } from "node:test";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly id: string;
  /** As it came, dots taken back. */
  readonly raw: string;
  readonly encrypted: boolean;
  readonly user: string | null;
}

/** Where in the conversation it stands; `message`: after the dot that ends a mail. */
type Step = "greeting" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "message";
/** Another answer, without its end of line; "hang up"; or "say nothing". `undefined`: as a good server does. */
type Answer = string | undefined;

interface Setup {
  readonly certificate?: { readonly certificate: string; readonly key: string };
  /** TLS from the first byte. */
  readonly fromTheStart?: true;
  readonly logIn?: { readonly user: string; readonly password: string };
}

export class MailServer {
  readonly taken: Mail[] = [];
  /** Whole mails, whatever was answered. */
  readonly handedOver: Mail[] = [];
  /** What was said, without what is in the mails. */
  readonly said: string[] = [];
  connections = 0;
  /** `time`: how often that step was reached, from 1. */
  answer: (step: Step, time: number) => Answer = () => undefined;
  readonly #reached = new Map<Step, number>();
  readonly #server: Server;
  readonly #setup: Setup;

  private constructor(setup: Setup) {
    this.#setup = setup;
    this.#server = createServer((socket) => this.#meet(socket));
  }

  static async start(context: Pick<TestContext, "after">, setup: Setup = {}): Promise<MailServer> {
    const it = new MailServer(setup);
    it.#server.listen(0, "127.0.0.1");
    context.after(() => it.#server.close());
    await once(it.#server, "listening");
    return it;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #meet(socket: Socket): void {
    this.connections++;
    socket.on("error", () => undefined);
    if (this.#setup.fromTheStart) this.#converse(this.#encrypted(socket), true, true);
    else this.#converse(socket, false, true);
  }

  #encrypted(socket: Socket): TLSSocket {
    const { certificate: cert, key } = this.#setup.certificate!;
    const secure = new TLSSocket(socket, { isServer: true, cert, key });
    secure.on("error", () => socket.destroy());
    return secure;
  }

  #converse(socket: Socket, encrypted: boolean, isFirst: boolean): void {
    let waiting = "";
    let message: string[] | null = null;
    let from = "";
    let to: string[] = [];
    let user: string | null = null;
    const say = (step: Step, usual: string): boolean => {
      const time = (this.#reached.get(step) ?? 0) + 1;
      this.#reached.set(step, time);
      const answer = this.answer(step, time);
      if (answer === "hang up") socket.destroy();
      else if (answer !== "say nothing") socket.write(`${answer ?? usual}\r\n`);
      return answer === undefined;
    };
    const line = (text: string): void => {
      if (message !== null) {
        if (text !== ".") return void message.push(text.replace(/^\./, ""));
        const raw = message.join("\r\n");
        message = null;
        const mail = { from, to, id: headerOf(raw, "Message-ID"), raw, encrypted, user };
        this.handedOver.push(mail);
        if (say("message", "250 2.0.0 taken")) this.taken.push(mail);
        return;
      }
      this.said.push(text);
      const [verb = "", ...words] = text.split(" ");
      switch (verb.toUpperCase()) {
        case "EHLO": {
          const { certificate, logIn } = this.#setup;
          const offers = [...(certificate !== undefined && !encrypted ? ["STARTTLS"] : []), ...(logIn === undefined ? [] : ["AUTH PLAIN"]), "8BITMIME"]; // prettier-ignore
          return void say("EHLO", ["mail.example", ...offers].map((it, at) => `250${at === offers.length ? " " : "-"}${it}`).join("\r\n"));
        }
        case "STARTTLS":
          if (!say("STARTTLS", "220 go on")) return;
          socket.removeAllListeners("data");
          return this.#converse(this.#encrypted(socket), true, false);
        case "AUTH": {
          const [, name = "", password = ""] = Buffer.from(words[1] ?? "", "base64")
            .toString()
            .split("\0");
          const { logIn } = this.#setup;
          const isRight = logIn?.user === name && logIn.password === password;
          if (isRight) user = name;
          return void say("AUTH", isRight ? "235 welcome" : "535 5.7.8 who is that");
        }
        case "MAIL":
          [from, to] = [text.slice("MAIL FROM:".length), []];
          return void say("MAIL", "250 ok");
        case "RCPT":
          to.push(text.slice("RCPT TO:".length));
          return void say("RCPT", "250 ok");
        case "DATA":
          if (say("DATA", "354 go on")) message = [];
          return;
        default:
          socket.end("221 bye\r\n");
      }
    };
    socket.on("data", (bytes) => {
      const lines = (waiting + bytes.toString("utf8")).split("\r\n");
      waiting = lines.pop()!;
      for (const it of lines) line(it);
    });
    if (isFirst) say("greeting", "220 mail.example ESMTP");
  }
}

/** Unfolded; empty where there is none. */
export function headerOf(raw: string, name: string): string {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  const line = head.split("\r\n").find((it) => it.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim() ?? "";
}
