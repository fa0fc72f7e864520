/** Before anybody said who they are: under which name changes would be written, and the question. Answered once in a browser, it is gone. */
import { IconUserQuestion } from "@tabler/icons-react";
import type { Now } from "../api.ts";
import { SayName } from "./say-name.tsx";

export function NameNotice({ now }: { readonly now: Now }) {
  return (
    <section className="notice name-notice" aria-label="Who you are">
      <IconUserQuestion className="icon" size={18} stroke={1.6} aria-hidden="true" />
      <p>
        Only this computer can open this page, so no account is needed. What you change is written as <b>{now.who}</b>.
      </p>
      <SayName done={() => undefined} />
    </section>
  );
}
