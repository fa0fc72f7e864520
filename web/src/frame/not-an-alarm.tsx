/** What Auscult is not. It stands on the first page, on what we heard, behind the help, and in short in the bar of every page. */
import { IconInfoCircle } from "@tabler/icons-react";
import { NOT_AN_ALARM } from "../../../src/model/finding-words.ts";

export { NOT_AN_ALARM };

export function NotAnAlarm() {
  return (
    <div className="notice" id="not-an-alarm">
      <IconInfoCircle className="icon" size={18} stroke={1.6} aria-hidden="true" />
      <p>{NOT_AN_ALARM}</p>
    </div>
  );
}
