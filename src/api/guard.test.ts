import assert from "node:assert/strict";
import { test } from "node:test";
import Fastify from "fastify";
import { Cookies } from "./cookies.ts";
import { guard } from "./guard.ts";
import { newToken } from "./token.ts";

test("a route of the API that names no right is refused before anybody can call it; a page needs none", () => {
  const app = Fastify();
  guard(app, {
    token: newToken("lind"),
    door: undefined,
    cookies: new Cookies(false),
    scheme: "http",
    hosts: () => new Set(["localhost:4180"]),
  });
  assert.throws(() => app.get("/api/secrets", async () => "all of them"), /expected the right it takes to call \/api\/secrets/);
  app.get("/api/devices", { config: { right: "look" } }, async () => "some");
  app.get("/about", async () => "us");
});
