/** The groups of a policy, and one of them: its members, its rules with their reasons, how well they fit, and what makers say of its models. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { GroupReport, PolicyReport, ReportedGroup, ReportedRule } from "../../../src/model/policy-report.ts";
import { api } from "../api.ts";
import { useLive } from "../live.tsx";
import { CareMark } from "../marks/care.tsx";
import { words } from "../words.ts";

const ORIGINS = { learned: "Learned", expected: "Expected", said: "Said" } as const;

interface GroupsProps {
  readonly name: string;
  readonly text: string;
  readonly report: PolicyReport;
  /** Null: all of them, a line each. */
  readonly group: string | null;
}

export function Groups({ name, text, report, group }: GroupsProps) {
  const own = report.groups.filter((it) => !it.builtIn);
  const chosen = own.find((it) => it.name === group);
  if (group !== null && chosen === undefined) return <p className="notice">It has no group called {group}.</p>;
  return chosen === undefined ? (
    <All name={name} groups={own} rules={report.rules} />
  ) : (
    <One key={chosen.name} name={name} text={text} group={chosen} rules={report.rules} />
  );
}

function All({ name, groups, rules }: { readonly name: string; readonly groups: readonly ReportedGroup[]; readonly rules: readonly ReportedRule[] }) {
  if (groups.length === 0) return <p className="notice">It names no group yet: write some into its text.</p>;
  return (
    <section className="sheet" aria-label="Groups">
      <div className="scroll-x">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col" className="number">
                Members
              </th>
              <th scope="col" className="number">
                Rules
              </th>
              <th scope="col">State</th>
              <th scope="col">Who belongs</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((it) => (
              <tr key={it.name}>
                <th scope="row" className="row-head">
                  {it.care !== null && <CareMark care={it.care} />} <GroupLink name={name} group={it.name} />
                </th>
                <td className="number">{words.count(it.members)}</td>
                <td className="number">{words.count(rules.filter((rule) => rule.from === it.name || rule.to === it.name).length)}</td>
                <td>{it.governs ? it.state : <span className="quiet">only named as a peer</span>}</td>
                <td className="second">{it.select}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
} // prettier-ignore

interface OneProps {
  readonly name: string;
  readonly text: string;
  readonly group: ReportedGroup;
  readonly rules: readonly ReportedRule[];
}

function One({ name, text, group, rules }: OneProps) {
  const { fresh } = useLive();
  const { data, error } = useQuery({
    queryKey: ["policy group", name, group.name, text, fresh],
    queryFn: ({ signal }) => api.policyGroup({ text, file: `${name}.yaml`, group: group.name }, signal),
    retry: false,
    placeholderData: (before) => before,
  });
  return (
    <div className="policy-verdicts">
      <p className="second">
        <Link to="/policy/$name" params={{ name }} search={{ view: "groups" }}>
          All groups
        </Link>{" "}
        › {group.name}
      </p>
      <section className="sheet" aria-labelledby="group-title">
        <header>
          <h2 id="group-title">
            {group.care !== null && <CareMark care={group.care} />} {group.name}
          </h2>
          <span className="quiet">{group.governs ? group.state : "only named as a peer"}</span>
        </header>
        <div className="sheet-body">
          <p>
            Who belongs: <code>{group.select}</code>
          </p>
          {data !== undefined && <Fit report={data} />}
        </div>
      </section>
      {data === undefined && error !== null && <p className="notice wrong policy-wrong">{error.message}</p>}
      {data === undefined && error === null && <p className="waiting">Its members are looked up</p>}
      <Rules title="What its members may open" none="They may open nothing." rules={rules.filter((it) => it.from === group.name)} other={(it) => `to ${it.to}`} />
      <Rules title="Who may open to them" none="Nobody may open anything to them." rules={rules.filter((it) => it.to === group.name)} other={(it) => `from ${it.from}`} />
      {data !== undefined && <Disclosed report={data} />}
      {data !== undefined && <Members report={data} />}
    </div>
  );
} // prettier-ignore

function Fit({ report: { fit, newcomers } }: { readonly report: GroupReport }) {
  if (fit === null) return <p className="second">What it does is not judged: it stands here to be named.</p>;
  const { heard, kept, allowed } = fit;
  return (
    <>
      <p>
        {heard === 0
          ? "Nothing was heard that its members open."
          : `Of ${words.plural(heard, "way")} its members were heard to open, by device, peer and service, ${words.count(kept)} ${kept === 1 ? "is" : "are"} allowed (${words.percent(kept / heard)}).`}{" "}
        {allowed > kept &&
          `${words.count(allowed - kept)} more ${allowed - kept === 1 ? "is" : "are"} allowed and ${allowed - kept === 1 ? "was" : "were"} not heard${heard === 0 ? "" : `: ${(Math.round(((allowed - kept) / heard) * 100) / 100).toString()} for each one heard`}.`}
      </p>
      <p className="second">{newcomers === "hold" ? "A newcomer waits for a person." : "A newcomer is a member at once."}</p>
    </>
  );
}

interface RulesProps {
  readonly title: string;
  readonly none: string;
  readonly rules: readonly ReportedRule[];
  readonly other: (rule: ReportedRule) => string;
}

function Rules({ title, none, rules, other }: RulesProps) {
  return (
    <Sheet title={title} count={rules.length === 0 ? "" : words.plural(rules.length, "rule")}>
      {rules.length === 0 ? (
        <p className="sheet-body quiet">{none}</p>
      ) : (
        <div className="sheet-body policy-cell">
          {rules.map((it) => (
            <div key={it.rule} className="policy-rule">
              <b>{it.service}</b> {other(it)} {it.same !== null && <span className="quiet">within the same {it.same}</span>}{" "}
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
            </div>
          ))}
        </div>
      )}
    </Sheet>
  );
}

function Disclosed({ report: { disclosed } }: { readonly report: GroupReport }) {
  if (disclosed.length === 0) return null;
  return (
    <Sheet title="What makers declare" count="flows of each model">
      <div className="scroll-x">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" className="number">
                Members
              </th>
              <th scope="col" className="number">
                Declared and heard
              </th>
              <th scope="col" className="number">
                Declared, not heard yet
              </th>
              <th scope="col" className="number">
                Heard, not declared
              </th>
              <th scope="col" className="number">
                Cannot tell
              </th>
            </tr>
          </thead>
          <tbody>
            {disclosed.map((it) => (
              <tr key={it.model}>
                <th scope="row" className="row-head">
                  <Link to="/devices/$id" params={{ id: it.device }} search={{ tab: "connections" }}>
                    {it.model}
                  </Link>
                </th>
                <td className="number">{words.count(it.members)}</td>
                <td className="number">{words.count(it.heard)}</td>
                <td className="number">{words.count(it.notHeard)}</td>
                <td className="number">{words.count(it.notDeclared)}</td>
                <td className="number">{words.count(it.cannotTell)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="sheet-body second">
        What is heard and not declared is a question for the maker; the letter stands on the device's page.
      </p>
    </Sheet>
  );
}

function Members({ report: { members, membersTotal, waiting } }: { readonly report: GroupReport }) {
  return (
    <>
      <Sheet title="Members" count={words.count(membersTotal)}>
        {members.length === 0 ? (
          <p className="sheet-body quiet">Nobody belongs to it: look at what it selects.</p>
        ) : (
          <div className="scroll-x">
            <table className="facts-table">
              <thead>
                <tr>
                  <th scope="col">Device</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Ward</th>
                  <th scope="col">Addresses</th>
                </tr>
              </thead>
              <tbody>
                {members.map((it) => (
                  <tr key={it.device}>
                    <th scope="row" className="row-head">
                      <CareMark care={it.care} />{" "}
                      <Link to="/devices/$id" params={{ id: it.device }}>
                        {it.name}
                      </Link>
                    </th>
                    <td>{it.kind}</td>
                    <td>{it.ward ?? <span className="quiet">not known</span>}</td>
                    <td>{it.addresses.length === 0 ? <span className="quiet">none heard</span> : it.addresses.join(", ")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {membersTotal > members.length && <p className="sheet-body second">The first {words.count(members.length)} of {words.count(membersTotal)}.</p>}
      </Sheet>
      {waiting.length > 0 && (
        <Sheet title="Waiting" count={words.count(waiting.length)}>
          <ul className="policy-list">
            {waiting.map((it) => (
              <li key={it.device}>
                <Link to="/devices/$id" params={{ id: it.device }} search={{ tab: "how" }}>
                  {it.name}
                </Link>
                <span className="quiet">{it.because}</span>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </>
  );
} // prettier-ignore

function Sheet({ title, count, children }: { readonly title: string; readonly count: string; readonly children: ReactNode }) {
  return (
    <section className="sheet" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="quiet">{count}</span>
      </header>
      {children}
    </section>
  );
}

export function GroupLink({ name, group }: { readonly name: string; readonly group: string }) {
  return (
    <Link to="/policy/$name" params={{ name }} search={{ view: "groups", group }}>
      {group}
    </Link>
  );
}
