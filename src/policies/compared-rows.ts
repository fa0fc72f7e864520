/** A comparison of two policies as the pages show it: one list, what matters most first. */
import type { ComparedRow, CompareReport } from "../model/policy-report.ts";
import type { Judged } from "./check.ts";
import type { Compared, Opened } from "./compare.ts";
import { VERDICTS_MAX } from "./report.ts";

export function comparedRows({ broken, kept, opened, closed }: Compared): Omit<CompareReport, "window"> {
  const sum = (ways: readonly Opened[]) => ways.reduce((all, { triples }) => all + triples, 0);
  return {
    rows: [
      ...broken.slice(0, VERDICTS_MAX).map((it) => ({ ...conversation(it), what: "newly blocked" as const, rule: null, edit: it.edit })),
      ...opened.slice(0, VERDICTS_MAX).map((it) => ({ ...it, what: "newly open" as const })),
      ...kept
        .slice(0, VERDICTS_MAX)
        .map(({ before, rule }) => ({ ...conversation(before), what: "blocked no more" as const, rule, edit: "" })),
      ...closed.slice(0, VERDICTS_MAX).map((it) => ({ ...it, what: "closed" as const })),
    ],
    counts: { "newly blocked": broken.length, "newly open": opened.length, "blocked no more": kept.length, closed: closed.length },
    triples: { opened: sum(opened), closed: sum(closed) },
  };
}

type Conversation = Omit<Extract<ComparedRow, { readonly what: "newly blocked" | "blocked no more" }>, "what" | "rule" | "edit">;

function conversation({ client, server, service, purpose, without, care, days, last }: Judged): Conversation {
  const end = ({ device, name, kind }: Judged["client"]) => ({ device, name, kind });
  return { client: end(client), server: end(server), service, purpose, without, care, days, last };
}
