/** What a maker says that its model does on a network, beside what was heard, and the letter that asks the maker for the rest. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { DECLARED_ANSWERS, DISCLOSED_NEEDS, DISCLOSED_WHOLE } from "../model/disclosure.ts";
import { POLICY_TRANSPORTS } from "../model/policy.ts";
import { makerLetter } from "../policies/maker-letter.ts";
import { opened } from "./problems.ts";
import type { Session } from "./session.ts";
import { DeviceId, list, Problem } from "./shapes.ts";

const tags = ["devices"];
const whole = z.number().int();
const micros = whole.describe("Microseconds since 1970, by the packets' own clock; 0 where it was not heard.");
const Opens = z.enum(["device", "peer"]).describe("Who opens it: the model's device, or the other end.");
const heard = {
  devices: whole.describe("Of the model."),
  others: whole.describe("Other ends."),
  conversations: whole,
  days: whole,
  first: micros,
  last: micros,
};

const Declared = z
  .object({
    opens: Opens,
    peers: list(z.string()).describe("Kinds, or one of anyone, inside, outside, multicast, broadcast."),
    transport: z.enum(POLICY_TRANSPORTS),
    ports: z.string().nullable().describe("Null: the document names none."),
    fixed: z.boolean().describe("False: the site may set another port."),
    protocol: z.string().nullable(),
    purpose: z.string(),
    need: z.enum(DISCLOSED_NEEDS),
    document: z.string(),
    page: z.string(),
    day: z.string().describe('Of the document; "" where it was not told.'),
    answer: z.enum(DECLARED_ANSWERS),
    ...heard,
  })
  .meta({ id: "DeclaredFlow" });
const Undeclared = z
  .object({
    opens: Opens,
    peer: z.string().describe("What the other end is."),
    service: z.string(),
    protocols: list(z.string()),
    because: z.string().describe("Why nobody can tell; of what is not declared, what says no to it."),
    unclear: z.enum(["document", "recording"]).nullable().describe("Which of them leaves it open, where nobody can tell."),
    addresses: list(z.string()).describe("Of other ends, a few."),
    ...heard,
  })
  .meta({ id: "UndeclaredFlow" });
const Report = z
  .object({
    model: z.string(),
    maker: z.string(),
    devices: whole,
    probable: whole.describe("Only probably of the model: nothing is said of them."),
    window: z.object({ from: micros, to: micros, days: whole }),
    documents: list(z.string()),
    whole: z.enum(DISCLOSED_WHOLE).describe("Whose conversations the document lists in full."),
    attached: z.boolean().describe("By a person; else it is of our own table."),
    doubts: list(z.string()).describe("Why silence says nothing here."),
    declared: list(Declared),
    stated: list(z.object({ id: z.string(), question: z.string(), answer: z.string(), heard: whole })).describe("Of its MDS2 form."),
    notDeclared: list(Undeclared),
    cannotTell: list(Undeclared),
    counts: z.object({ declared: whole, notDeclared: whole, cannotTell: whole, ground: whole, refused: whole }).describe("Conversations."),
  })
  .meta({ id: "DisclosureReport" });

const Device = z.object({ id: DeviceId });

export function disclosure(session: Session): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/devices/:id/disclosure",
      {
        config: { right: "look" },
        schema: {
          summary: "What its maker says that its model does on a network, beside what was heard of all its devices",
          tags,
          params: Device,
          response: { 200: z.object({ report: Report.nullable().describe("Null: nothing is known of what its maker says.") }), 400: Problem },
        },
      },
      async ({ params: { id } }) => ({ report: await opened(session).disclosureOf(id) }),
    );

    app.get(
      "/devices/:id/disclosure/letter",
      {
        config: { right: "look" },
        schema: {
          summary: "A letter to its maker, in Markdown: what was heard and is not declared, as questions; the same bytes as auscult disclosure letter",
          tags,
          params: Device,
          querystring: z.object({ addresses: z.stringbool().default(false).describe("With the addresses of the other ends.") }),
          response: { 200: z.string(), 400: Problem, 404: Problem },
        },
      },
      async ({ params: { id }, query: { addresses } }, reply) => {
        const report = await opened(session).disclosureOf(id);
        if (report === null) return reply.code(404).send({ message: `Nothing is known of what the maker of ${id} says of the network.` });
        return reply
          .header("content-disposition", `attachment; filename="letter-${fileName(report.model)}.md"`)
          .type("text/markdown; charset=utf-8")
          .serializer((text: string) => text)
          .send(makerLetter(report, addresses));
      },
    );
  };
} // prettier-ignore

const FILE_NAME_LENGTH_MAX = 60;

/** A device may say anything of its model. */
function fileName(model: string): string {
  const plain = model.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, ""); // prettier-ignore
  return plain === "" ? "maker" : plain.slice(0, FILE_NAME_LENGTH_MAX);
}
