/** What its maker says of the network, beside what was heard of all devices of the model; nothing where nobody knows it. */
import { useQuery } from "@tanstack/react-query";
import type { DeclaredFlow, DisclosedFlow, DisclosureReport, HeardOfFlow, UndeclaredFlow } from "../../../src/model/disclosure.ts";
import { placeInWords } from "../../../src/model/disclosure.ts";
import { api, letterAddress } from "../api.ts";
import { words } from "../words.ts";

/** More is read in the letter, or by auscult disclosure. */
const ROWS_MAX = 100;

export function DeviceDisclosure({ id, fresh }: { readonly id: string; readonly fresh: number }) {
  const { data } = useQuery({ queryKey: ["disclosure", id, fresh], queryFn: ({ signal }) => api.disclosureOf(id, signal), placeholderData: (before) => before }); // prettier-ignore
  const report = data?.report ?? null;
  if (report === null) return null;
  const { model, devices, window, documents, doubts, counts } = report;
  const told = counts.declared + counts.notDeclared + counts.cannotTell;
  return (
    <section className="sheet disclosure" aria-label="What its maker declares">
      <header>
        <h2>What its maker declares</h2>
        <span className="quiet">
          {words.plural(devices, "device")} of {model}, {words.plural(window.days, "day")} heard
        </span>
      </header>
      <div className="sheet-body">
        <p>
          Of {words.plural(told, "conversation")} {words.count(counts.declared)} are declared, {words.count(counts.notDeclared)} are not,
          and of {words.count(counts.cannotTell)} nobody can tell.{" "}
          <a href={letterAddress(id)} download>
            Letter to the maker
          </a>
        </p>
        <p className="second">
          Held against {documents.join("; ")}
          {report.attached ? "" : ", of our own table"}. {READ[report.whole]}
        </p>
        {doubts.map((it) => (
          <p key={it} className="second">
            {it}
          </p>
        ))}
        <Stated report={report} />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls and holds nothing that takes the focus: by keyboard it is reached so */}
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Flows, declared and heard">
        <table className="facts-table disclosed">
          <thead>
            <tr>
              <th scope="col">Answer</th>
              <th scope="col">Who opens what</th>
              <th scope="col">What for, or why</th>
              <th scope="col" className="number">
                Devices
              </th>
              <th scope="col" className="number">
                Days
              </th>
              <th scope="col" className="number">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            {report.notDeclared.slice(0, ROWS_MAX).map((it, at) => (
              <Undeclared key={`not ${at}`} flow={it} of={devices} answer="Heard, not declared" />
            ))}
            {report.cannotTell.slice(0, ROWS_MAX).map((it, at) => (
              <Undeclared key={`perhaps ${at}`} flow={it} of={devices} answer="Cannot tell" />
            ))}
            {report.declared.map((it, at) => (
              <Declared key={`declared ${at}`} flow={it} of={devices} />
            ))}
          </tbody>
        </table>
      </div>
      <More report={report} />
    </section>
  );
}

const READ: Readonly<Record<DisclosureReport["whole"], string>> = {
  all: "All its flows stand there.",
  "opened by it": "All that it opens stands there; what it answers may be declared elsewhere.",
  "opened to it": "All that it answers stands there; what it opens may be declared elsewhere.",
  part: "Not all of it was read: what does not stand there may still be declared.",
};

const ANSWERS: Readonly<Record<DeclaredFlow["answer"], string>> = {
  heard: "Declared and heard",
  "not heard yet": "Declared, not heard yet",
  "cannot tell": "Declared; cannot tell",
};

function Declared({ flow, of }: { readonly flow: DeclaredFlow; readonly of: number }) {
  const { transport, ports, fixed, protocol } = flow;
  return (
    <tr>
      <th scope="row" className="row-head">
        {ANSWERS[flow.answer]}
      </th>
      <td>
        {ends(flow.opens, flow.peers.map(peerWords).join(" or "))}
        <span className="second block">
          {transport.toUpperCase()} {ports ?? "no port named"}
          {fixed ? "" : ", or as the site set it"}
          {protocol === null ? "" : ` · ${protocol}`}
        </span>
      </td>
      <td>
        {flow.purpose}
        <span className="second block">
          {NEEDS[flow.need]} · {placeInWords(flow)}
        </span>
      </td>
      <Heard flow={flow} of={of} />
    </tr>
  );
}

const NEEDS: Readonly<Record<DisclosedFlow["need"], string>> = {
  required: "Required",
  optional: "Optional",
  "not told": "Whether it is required is not told",
};

function Undeclared({ flow, of, answer }: { readonly flow: UndeclaredFlow; readonly of: number; readonly answer: string }) {
  return (
    <tr>
      <th scope="row" className="row-head">
        {answer}
      </th>
      <td>
        {ends(flow.opens, peerWords(flow.peer))}
        <span className="second block">
          {flow.service.replace(/^[a-z]+/, (transport) => transport.toUpperCase())}
          {flow.protocols.length === 0 ? "" : ` · ${flow.protocols.join(", ")}`}
        </span>
      </td>
      <td>{flow.because === "" ? <span className="quiet">A question for the maker</span> : flow.because}</td>
      <Heard flow={flow} of={of} />
    </tr>
  );
}

const PEERS: Readonly<Record<string, string>> = {
  inside: "any of the hospital's own",
  outside: "addresses outside",
  multicast: "multicast groups",
  broadcast: "everybody, by broadcast",
  "not known": "what is not known",
};

function peerWords(peer: string): string {
  return PEERS[peer] ?? peer;
}

function ends(opens: DisclosedFlow["opens"], peer: string): string {
  return opens === "device" ? `The device to ${peer}` : `${peer[0]!.toUpperCase()}${peer.slice(1)} to the device`;
}

function Heard({ flow, of }: { readonly flow: HeardOfFlow; readonly of: number }) {
  return (
    <>
      <td className="number">
        {words.count(flow.devices)} of {words.count(of)}
      </td>
      <td className="number">{flow.days === 0 ? "none" : words.count(flow.days)}</td>
      <td className="number">{flow.last === 0 ? <span className="quiet">not heard</span> : words.time(flow.last)}</td>
    </>
  );
}

function Stated({ report: { stated, devices } }: { readonly report: DisclosureReport }) {
  return stated.map((it) => (
    <p key={it.id} className="second">
      MDS2 {it.id}, {it.question} {it.answer}. Heard of {words.count(it.heard)} of {words.plural(devices, "device")}.
    </p>
  ));
}

function More({ report: { notDeclared, cannotTell } }: { readonly report: DisclosureReport }) {
  const more = [notDeclared, cannotTell].reduce((sum, { length }) => sum + Math.max(0, length - ROWS_MAX), 0);
  return more === 0 ? null : <p className="quiet sheet-body">{words.count(more)} more stand in auscult disclosure.</p>;
}
