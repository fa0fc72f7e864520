/** The whole list for programs: lines as docs/openapi.json has them (DoNotScanLine). */
import type { Exporter } from "./exporter.ts";

export const json: Exporter = {
  name: "json",
  title: "the whole list for programs (JSON)",
  extension: "json",
  mediaType: "application/json",
  families: [4, 6],
  isWhole: true,
  use: "Lines whose state is not listed are in no scanner's file.",
  write: ({ lines, at, recording }) => `${JSON.stringify({ schema: "auscult.do-not-scan/1", recording, at, lines }, null, 1)}\n`,
};
