/** What a person should read now, on whatever page: a half-read file, a sensor that was started again. Closed, it still stands under Heard. */
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

/** More at once would hide the page; all of them stand under Heard. */
const SHOWN_MAX = 2;

export function Notes({ notes }: { readonly notes: readonly string[] }) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const open = notes.filter((note) => !closed.has(note)).slice(-SHOWN_MAX);
  if (open.length === 0) return null;
  return (
    <ul className="notices" aria-label="To know">
      {open.map((note) => (
        <li key={note} className="notice warn">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          <p>
            {note} <Link to="/heard">What we heard</Link>
          </p>
          <button
            type="button"
            className="button alone small"
            aria-label="Close this note"
            onClick={() => setClosed(new Set([...closed, note]))}
          >
            <IconX className="icon" size={16} stroke={1.8} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
