/** What a policy would have done to what was heard, in a sentence and in figures. */
import { IconAlertTriangle } from "@tabler/icons-react";
import type { PolicyReport } from "../../../src/model/policy-report.ts";
import { words } from "../words.ts";

/** The answer, not a category. */
export function answerOf({ name, answer, counts }: PolicyReport): string {
  const blocked = counts["would block"].conversations;
  if (blocked > 0) return `${name} would block ${words.plural(blocked, "conversation")} that ${blocked === 1 ? "was" : "were"} heard`;
  if (answer.verdict === "would block") return `A test of ${name} fails`;
  if (answer.verdict === "cannot tell") return `${name} blocks nothing that was heard, and nobody can tell whether that is enough`;
  return `${name} keeps everything that was heard`;
}

export function PolicyFacts({ report }: { readonly report: PolicyReport }) {
  const { answer, coverage, overPermission, tests, notHeard, waiting, window, counts } = report;
  const held = tests.filter((it) => it.held).length;
  const facts = [
    coverage === null ? "Nothing that was heard is judged" : `${(Math.floor(coverage * 10_000) / 100).toFixed(2)} % of what is judged is kept`,
    ...(overPermission === null ? [] : [`${overPermission} ways allowed for each one heard and kept`]),
    ...(tests.length === 0 ? [] : [`${held} of ${words.plural(tests.length, "test")} hold`]),
    `${words.plural(notHeard.length, "need")} not heard yet`,
    ...(waiting.length === 0 ? [] : [waiting.length === 1 ? "1 device waits: what it is is only probable" : `${words.count(waiting.length)} devices wait: what they are is only probable`]),
    `${words.plural(window.days, "day")} heard: what comes less often than once in ${words.plural(window.onceIn, "day")} may well not have been`,
    `${words.plural(counts["not governed"].conversations, "conversation")} of nobody it judges`,
  ]; // prettier-ignore
  return (
    <>
      <ul className="sheet policy-facts">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {answer.because.map((line) => (
        <p key={line} className="notice warn">
          <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
          {line}
        </p>
      ))}
      {tests
        .filter((it) => !it.held)
        .map((it) => (
          <p key={it.text} className="notice wrong">
            <IconAlertTriangle className="icon" size={18} stroke={1.6} aria-hidden="true" />
            Its test “{it.text}” fails: {it.because}
          </p>
        ))}
    </>
  );
}
