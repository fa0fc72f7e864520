/** The description of this API for other programs (OpenAPI 3.1), made from the schemas that check each request. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";

export async function describe(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Auscult",
        version: "1",
        description:
          "What was heard on a hospital network, and how we know. Where there are accounts, sign-in answers with a cookie, and each change needs the page's Origin. On loopback without accounts the token of the printed address is the way in.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "The token of the printed address, where nobody has an account." },
          cookie: { type: "apiKey", in: "cookie", name: "auscult-<port>", description: "What the printed address becomes in a browser." },
          signIn: { type: "apiKey", in: "cookie", name: "auscult-in-<port>", description: "Of sign-in; under TLS with __Host- before it." },
        },
      },
      security: [{ signIn: [] }, { bearer: [] }, { cookie: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get("/api/openapi.json", { config: { right: "look" }, schema: { hide: true } }, async () => app.swagger());
}
