/**
 * One answer for each owner of a mistake: the person's is 400 with what was expected; this computer's (a full disk, a missing right)
 * is 500 with its own words; ours is 500 and goes to the log.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { thousands } from "../bytes/thousands.ts";
import { UnusableHistory } from "../model/policy-history.ts";
import { BadQuery } from "../model/store.ts";
import type { RecordingReader } from "../model/store.ts";
import type { Session } from "./session.ts";

class NothingOpen extends Error {
  constructor() {
    super("Nothing is open yet: open a capture, the sample, or listen on an interface.");
  }
}

/** A file of ours is not as we write it: cut short, or edited by hand. */
export class Damaged extends Error {}

/** What comes in a loop must not fill the disk: an hour has so many lines, and the first line after them says how many were left out. */
const LOGGED_MAX = 60;
const HOUR_MS = 3_600_000;

/** The recording shown, for resources that make no sense without one. */
export function opened(session: Session): RecordingReader {
  const reader = session.recording();
  if (reader === null) throw new NothingOpen();
  return reader;
}

export function answerProblems(app: FastifyInstance): void {
  let hour = -1;
  let logged = 0;
  const log = (request: FastifyRequest, error: unknown, words: string) => {
    const now = Math.floor(performance.now() / HOUR_MS);
    const leftOut = now === hour ? 0 : Math.max(0, logged - LOGGED_MAX);
    if (now !== hour) [hour, logged] = [now, 0];
    logged += 1;
    if (logged <= LOGGED_MAX) request.log.error({ err: error, ...(leftOut === 0 ? {} : { leftOut }) }, words);
  };
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof BadQuery)
      return reply.code(400).send({
        message: error.message,
        ...(error.column === undefined ? {} : { column: error.column }),
        ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
        ...(error.length === undefined ? {} : { length: error.length }),
      });
    if (error instanceof NothingOpen) return reply.code(409).send({ message: error.message });
    if (hasZodFastifySchemaValidationErrors(error)) {
      const first = error.validation[0];
      const where = first?.instancePath.replace(/^\//, "") ?? "";
      return reply.code(400).send({ message: `${where === "" ? "request" : where}: ${first?.message ?? "not as expected"}` });
    }
    const { code } = error as { code?: unknown };
    const unread =
      code === "FST_ERR_CTP_BODY_TOO_LARGE"
        ? `expected a body of at most ${thousands(request.routeOptions.bodyLimit)} bytes, got a longer one`
        : UNREAD.get(code);
    if (unread !== undefined) return reply.code(statusOf(error) ?? 400).send({ message: unread });
    const status = statusOf(error);
    if (status !== undefined && status < 500) return reply.code(status).send({ message: messageOf(error) });
    if (ofThisComputer(error)) {
      log(request, error, "the computer refused");
      return reply.code(500).send({ message: `This computer refused: ${messageOf(error)}.` });
    }
    if (ours(error)) {
      log(request, error, "a request failed");
      return reply.code(500).send({ message: "This is a defect of Auscult's own. What was heard is kept; the log says more." });
    }
    return reply.code(400).send({ message: messageOf(error) });
  });
}

/** What Fastify refuses before any route of ours sees it, by its codes. */
const UNREAD: ReadonlyMap<unknown, string> = new Map([
  ["FST_ERR_CTP_INVALID_JSON_BODY", "expected JSON, got something that is none"],
  ["FST_ERR_CTP_EMPTY_JSON_BODY", "expected JSON, got an empty body"],
  ["FST_ERR_CTP_INVALID_MEDIA_TYPE", "expected a body of the content type that this address takes, got another"],
  ["FST_ERR_BAD_URL", "expected an address in which each % stands before two hexadecimal digits of UTF-8"],
  ["FST_ERR_MAX_PARAM_LENGTH", "expected a shorter name in the address"],
]);

/** An address that cannot be taken apart comes by no hook: it is answered like everything else, and says nothing of itself. */
export function answerUnroutable(error: FastifyError, _request: unknown, reply: FastifyReply): void {
  const message = UNREAD.get(error.code) ?? "expected an address that can be read";
  void reply
    .code(error.statusCode ?? 400)
    .type("application/json")
    .send({ message });
}

function ofThisComputer(error: unknown): boolean {
  if (error instanceof Damaged || error instanceof UnusableHistory) return true;
  return error instanceof Error && ("syscall" in error || (error as NodeJS.ErrnoException).code === "ERR_SQLITE_ERROR");
}

function ours(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    // From another thread it is no AssertionError any more.
    (error as NodeJS.ErrnoException).code === "ERR_ASSERTION" ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    (statusOf(error) ?? 0) >= 500
  );
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === "number" ? status : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
