/** A verdict on a mirror in words, with the line that cures it. */
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import type { MirrorVerdict } from "../../../src/model/store.ts";
import { copy } from "../copy.ts";

export function Verdict({ verdict, live }: { readonly verdict: MirrorVerdict | null; readonly live: boolean }) {
  if (verdict === null) return <p className="second">Too little was heard to judge the mirror.{live && " It takes up to a minute."}</p>;
  if (verdict.kind === "good")
    return (
      <p className="verdict good">
        <IconCheck className="icon" size={16} stroke={2} aria-hidden="true" /> {verdict.words}
      </p>
    );
  return (
    <div className="verdict">
      <p>
        <IconAlertTriangle className="icon" size={16} stroke={1.8} aria-hidden="true" /> {verdict.words}
      </p>
      {verdict.cure !== "" && <Command text={verdict.cure} />}
    </div>
  );
}

/** A line to be typed elsewhere, to copy whole. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div className="command">
      <code>{text}</code>
      <button type="button" className="button small" onClick={() => copy(text, "Copied.")}>
        <IconCopy className="icon" size={15} stroke={1.6} aria-hidden="true" />
        Copy
      </button>
    </div>
  );
}
