/** The built pages. Every address that is no file and no API is the page itself, which finds its own way by the address. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import files from "@fastify/static";
import type { FastifyInstance } from "fastify";

export async function pages(app: FastifyInstance, webRoot: string): Promise<void> {
  const built = existsSync(join(webRoot, "index.html"));
  if (built)
    await app.register(files, {
      root: webRoot,
      // Built files carry a hash in their name, so they never change; the page that names them may.
      setHeaders: (reply, path) => void reply.header("cache-control", path.endsWith(".html") ? "no-cache" : "max-age=31536000, immutable"),
    });

  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== "GET" || request.url.startsWith("/api/") || request.url.startsWith("/assets/"))
      return reply.code(404).send({ message: `Nothing is at ${request.url.slice(0, 200)}.` });
    if (!built) return reply.code(503).send({ message: `expected the built pages in ${webRoot}: run npm run build:web` });
    return reply.sendFile("index.html");
  });
}
