/** Saved views: a filter, columns and an order under a name. Kept as one small file in the data directory, written whole or not at all. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { Damaged } from "./problems.ts";
import type { Session } from "./session.ts";
import { Problem, text } from "./shapes.ts";

const VIEWS_MAX = 100; // Tabs stop being tabs long before.

const View = z
  .object({
    name: text(60, "expected a name"),
    filter: text(2_000),
    sort: text(40),
    descending: z.boolean(),
    columns: z.array(text(40)).max(40),
  })
  .meta({ id: "View" });
const Views = z.array(View.extend({ who: z.string() })).max(VIEWS_MAX);

export function views(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    const file = join(session.dataDirectory, "views.json");
    /** Changes wait for each other, or the second of two would forget the first. */
    let turn: Promise<unknown> = Promise.resolve();

    app.get("/views", { config: { right: "look" }, schema: { summary: "Saved views", tags: ["views"], response: { 200: Views } } }, () =>
      read(file),
    );

    app.put(
      "/views",
      {
        config: { right: "say" },
        schema: {
          summary: "Save a view; one of the same name is replaced",
          tags: ["views"],
          body: View,
          response: { 200: Views, 400: Problem },
        },
      },
      (request) =>
        change((before) => {
          const others = before.filter((view) => view.name !== request.body.name);
          if (others.length >= VIEWS_MAX) throw new Error(`expected at most ${VIEWS_MAX} views: take one away first`);
          return [...others, { ...request.body, who: request.who }];
        }),
    );

    app.delete(
      "/views/:name",
      {
        config: { right: "say" },
        schema: { summary: "Take a view away", tags: ["views"], params: z.object({ name: z.string() }), response: { 200: Views } },
      },
      (request) => change((before) => before.filter((view) => view.name !== request.params.name)),
    );

    function change(edit: (before: z.infer<typeof Views>) => z.infer<typeof Views>): Promise<z.infer<typeof Views>> {
      const next = turn.then(async () => {
        const after = edit(await read(file));
        await writeFile(`${file}.new`, JSON.stringify(after, null, 1), { mode: 0o600, flush: true });
        await rename(`${file}.new`, file);
        return after;
      });
      turn = next.catch(() => undefined);
      return next;
    }
  };
}

async function read(file: string): Promise<z.infer<typeof Views>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    return Views.parse(JSON.parse(text));
  } catch (error) {
    throw new Damaged(`expected saved views in ${file}: move it away to begin anew`, { cause: error });
  }
}
