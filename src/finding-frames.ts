/** The frames a finding rests on as a pcapng file, each as it was kept: cut after its transport header. */
import { pcapng } from "./bytes/pcapng.ts";
import type { FindingDetail } from "./model/finding.ts";

export function framesOf({ id, title, frames }: FindingDetail): Uint8Array {
  const comment = `Finding ${id}, ${title}: the frames it rests on, each cut after its transport header. Their numbers in their inputs: ${frames.map(([, , number]) => number).join(", ")}`;
  return pcapng(
    frames.map(([input, at, , wireLength, bytes, linkType]) => ({
      input,
      at,
      wireLength,
      linkType,
      bytes: Buffer.from(bytes, "base64"),
    })),
    comment,
  );
}
