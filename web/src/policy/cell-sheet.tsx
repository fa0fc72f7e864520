/** What stands behind one cell: its rules with their reasons, and what would be blocked. */
import { Link } from "@tanstack/react-router";
import type { PolicyReport } from "../../../src/model/policy-report.ts";
import type { WallCounts } from "../../../src/model/wall.ts";
import { words } from "../words.ts";
import { STATES, stateOf } from "./cell-state.ts";
import { GroupLink } from "./groups.tsx";
import { countOf, useCounts } from "./on-the-firewall.tsx";

const NAMED_MAX = 5;
const ORIGINS = { learned: "Learned", expected: "Expected", said: "Said" } as const;

interface CellSheetProps {
  readonly report: PolicyReport;
  readonly from: number;
  readonly to: number;
  /** Null while it is a draft that nobody kept. */
  readonly name: string | null;
}

export function CellSheet({ report, from, to, name }: CellSheetProps) {
  const [client, server] = [report.groups[from], report.groups[to]];
  const { data: counts } = useCounts(name);
  if (client === undefined || server === undefined) return null;
  const cell = report.cells.find((it) => it.from === from && it.to === to);
  const rules = report.rules.filter((it) => it.from === client.name && it.to === server.name);
  const asking = report.verdicts.filter((it) => it.client.group === from && it.server.group === to);
  const heard = cell === undefined ? 0 : cell.kept + cell.blocked + cell.unsure;
  return (
    <section className="sheet" id="cell-sheet" tabIndex={-1} aria-labelledby="cell-title">
      <header>
        <h2 id="cell-title">
          {named(client, name)} → {named(server, name)}
        </h2>
      </header>
      <div className="sheet-body policy-cell">
        <p>
          {words.capital(STATES[stateOf(client, server, cell)][1])}.{" "}
          {heard > 0 && `${words.plural(heard, "conversation")}, ${words.count(cell!.kept)} of them kept.`}
        </p>
        {rules.map((it) => (
          <div key={it.rule} className="policy-rule">
            <b>{it.service}</b> {it.same !== null && <span className="quiet">within the same {it.same}</span>}{" "}
            <span className={`chip ${it.origin}`}>{ORIGINS[it.origin]}</span>
            <p className="second">{it.because}</p>
            <p className="second">
              {it.ended
                ? "Past its last day: it allows nothing."
                : it.conversations === 0
                  ? "Nobody was heard using it."
                  : `${words.plural(it.conversations, "conversation")} used it.`}{" "}
              Rule {it.rule}.
            </p>
            <Counted counts={counts} rule={it} />
          </div>
        ))}
        {asking.slice(0, NAMED_MAX).map((it, place) => (
          <p key={place}>
            <b>{it.verdict === "would block" ? "Would block" : "Cannot tell"}</b>: {it.client.name} → {it.server.name}, {it.service}
          </p>
        ))}
        {asking.length > 0 && name !== null && (
          <Link to="/policy/$name" params={{ name }} search={{ view: "verdicts" }}>
            All verdicts that need a person
          </Link>
        )}
      </div>
    </section>
  );
}

function named({ name: group, builtIn }: PolicyReport["groups"][number], policy: string | null) {
  return builtIn || policy === null ? group : <GroupLink name={policy} group={group} />;
}

/** What the wall counted at it, where that was saved. */
function Counted({ counts, rule }: { readonly counts: WallCounts | null | undefined; readonly rule: PolicyReport["rules"][number] }) {
  if (counts === null || counts === undefined) return null;
  const count = countOf(counts, rule);
  return (
    <p className="second">
      {count === undefined
        ? "Not on the firewall when its counters were read."
        : `On the firewall ${words.plural(count.packets, "packet")}, ${words.count(count.answers)} of them back, counted ${words.time(counts.since)} to ${words.time(counts.at)}.`}
    </p>
  );
}
