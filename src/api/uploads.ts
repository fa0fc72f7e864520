/**
 * A capture dropped on the page: its bytes go straight to a file of their own in the data directory and are not looked at here. Its
 * name is kept as far as it is harmless, because a recording is named after its files. From `session/open` on the file is the session's.
 */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { thousands } from "../bytes/thousands.ts";
import type { Session } from "./session.ts";
import { Problem } from "./shapes.ts";

/** What an upload is called afterwards: a folder nobody can guess, and a name that is no path. */
export const UPLOAD = /^[0-9a-f]{16}\/[\p{L}\p{N} _()+-][\p{L}\p{N} ._()+-]{0,199}$/u;
/** Of a name as it is sent, which a file system may hold four times over in percent signs. */
export const NAME_BYTES_MAX = 1_024;
/** Of a name as it is kept; most file systems take 255. */
const KEPT_BYTES_MAX = 200;
/** Left free on the disk, or the recording that grows beside the upload would be stopped by it. */
const FREE_BYTES_KEPT = 512 * 1024 * 1024;
/** Of whose sender nothing more comes, by a cable pulled or a lid closed, holds up everybody else; a slow line sends something within. */
const STALLED_MS_MAX = 60_000;

export function uploadsOf(session: Session): string {
  return join(session.dataDirectory, "uploads");
}

export function uploads(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.addContentTypeParser("application/octet-stream", (_request, body, done) => done(null, body));
    /** One at a time: two would each be promised the same room. */
    let taking = false;

    app.put(
      "/uploads/:name",
      {
        config: { right: "operate" },
        schema: {
          summary: "Send one capture; the answer names it for session/open",
          tags: ["session"],
          consumes: ["application/octet-stream"],
          params: z.object({ name: z.string().min(1).max(NAME_BYTES_MAX) }),
          response: { 201: z.object({ upload: z.string() }), 400: Problem, 408: Problem, 409: Problem, 507: Problem },
        },
      },
      async (request, reply) => {
        if (!(request.body instanceof Object && "pipe" in request.body))
          return reply.code(400).send({ message: "expected the bytes of a capture as application/octet-stream" });
        if (taking) return reply.code(409).send({ message: "Another file is being taken just now. Send this one after it." });
        taking = true;
        try {
          const upload = `${randomBytes(8).toString("hex")}/${harmless(request.params.name)}`;
          const announced = Number(request.headers["content-length"] ?? 0);
          await take(request.body as Readable, announced, join(uploadsOf(session), upload));
          return await reply.code(201).send({ upload });
        } catch (error) {
          if (error instanceof NoRoom) return reply.code(507).send({ message: error.message });
          // What was never sent may still come: the connection is for nothing else.
          if (error instanceof Stalled) return reply.code(408).header("connection", "close").send({ message: error.message });
          throw error;
        } finally {
          taking = false;
        }
      },
    );
  };
}

/** All of it, or nothing. */
async function take(body: Readable, announced: number, file: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const room = await statfs(folder);
    const free = room.bavail * room.bsize - FREE_BYTES_KEPT;
    if (announced > free) throw new NoRoom(`The disk has room for ${megabytes(free)} more; this file has ${megabytes(announced)}.`);
    await pipeline(body, notStalled(), bounded(free), createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? new NoRoom(FULL) : error;
  }
}

class NoRoom extends Error {}
class Stalled extends Error {}
const FULL = "The disk is full. Nothing of this file was kept.";

const STALLED = `Nothing more came for ${STALLED_MS_MAX / 1000} s. Nothing of this file was kept.`;

/** Breaks off when nothing comes for long; while the disk is slow, nobody waits for the sender. */
function notStalled(): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* (source) {
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      const stalled = Promise.withResolvers<never>();
      const timer = setTimeout(() => stalled.reject(new Stalled(STALLED)), STALLED_MS_MAX);
      try {
        const next = await Promise.race([chunks.next(), stalled.promise]);
        if (next.done === true) return;
        yield next.value;
      } finally {
        clearTimeout(timer);
      }
    }
  };
}

/** A body may be longer than it announced, or announce nothing. */
function bounded(bytesMax: number): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* (source) {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new NoRoom(FULL);
      yield chunk;
    }
  };
}

/** The end of the name, which has the ending, in letters that no file system and no terminal minds. */
function harmless(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const letters = Array.from(last.replace(/[^\p{L}\p{N} ._()+-]/gu, "_"));
  while (Buffer.byteLength(letters.join("")) > KEPT_BYTES_MAX) letters.shift();
  const kept = letters.join("").replace(/^\.+/, "");
  return kept === "" ? "capture" : kept;
}

function megabytes(bytes: number): string {
  return `${thousands(Math.max(0, Math.floor(bytes / 1_000_000)))} MB`;
}
