/** A list without rows says what would fill it, and offers one way on. */
import { Link } from "@tanstack/react-router";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Now } from "../api.ts";
import { CopyNote } from "../opening/note.tsx";
import { words } from "../words.ts";

interface NothingProps {
  readonly total: number;
  /** Heard beyond the hospital's own addresses. */
  readonly outside: number;
  /** Heard in all; null while that is not the last word. */
  readonly frames: number | null;
  readonly filter: string;
  readonly now: Now | null;
  readonly all: () => void;
  readonly allOutside: () => void;
}

export function Nothing({ total, outside, frames, filter, now, all, allOutside }: NothingProps) {
  if (total > 0)
    return (
      <div className="sheet empty late">
        <h2>No device matches</h2>
        <p>
          None of the {words.count(total)} heard is asked for by <code>{filter}</code>.
        </p>
        <button type="button" className="button" onClick={all}>
          All {words.count(total)} devices
        </button>
      </div>
    );
  const listening = now?.listening ?? [];
  if (listening.length > 0)
    return (
      <div className="sheet empty">
        <h2>Listening. Nothing yet.</h2>
        <p>
          {listening.map((it) => it.name).join(" and ")} {listening.length === 1 ? "is" : "are"} up, and no device was heard yet. A mirror
          port usually speaks at once. If it stays silent, the switch is not copying to this port.
        </p>
        <CopyNote words="Copy a note for the network team" />
      </div>
    );
  if (frames === null)
    return (
      <div className="sheet empty late" aria-busy="true">
        <h2>Nothing heard so far</h2>
        <p>Devices appear here as soon as the first frames name them.</p>
      </div>
    );
  if (outside > 0)
    return (
      <div className="sheet empty">
        <h2>Nobody of your own was heard</h2>
        <p>
          All {words.count(outside)} heard have addresses beyond the private ranges. If they are the hospital’s, name its networks in{" "}
          <code>ownRanges</code> of the settings.
        </p>
        <button type="button" className="button" onClick={allOutside}>
          Show the {words.count(outside)} outside
        </button>
      </div>
    );
  return (
    <div className="sheet empty">
      <h2>{frames === 0 ? "No device was heard" : "No device is known yet"}</h2>
      <p>
        {frames === 0
          ? "The capture holds no frame."
          : `${words.capital(words.plural(frames, "frame"))} ${frames === 1 ? "was" : "were"} heard, and none names the device that sent it.`}{" "}
        What was read stands under Heard.
      </p>
      <Link to="/heard" className="button">
        What we heard
      </Link>
    </div>
  );
}

export function DidNotCome({ what, error, again }: { readonly what: string; readonly error: Error; readonly again: () => void }) {
  return (
    <div className="notice wrong" role="alert">
      <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
      <p>
        <b>{what} did not come.</b> {error.message}
      </p>
      <button type="button" className="button small" onClick={again}>
        Ask again
      </button>
    </div>
  );
}
