/** ECS as lines of JSON in a file, for an agent that ships it. */
import { appendFile } from "node:fs/promises";
import { ecs } from "./ecs.ts";
import type { Output } from "./output.ts";

export function file(path: string): Output {
  return {
    name: "file",
    where: path,
    async send(_id, told) {
      await appendFile(path, `${JSON.stringify(ecs(told))}\n`, { mode: 0o600, flush: true });
      return "written";
    },
    close: () => undefined,
  };
}
