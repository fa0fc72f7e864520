/** What the table can show of a device. Two lines a row: the fact, then why or where. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { DeviceSummary, Stated } from "../../../src/model/device.ts";
import { CareBar, CareWords } from "../marks/care.tsx";
import { Heard } from "../marks/heard.tsx";
import type { Listened } from "../marks/heard.tsx";
import { KindIcon } from "../marks/kind-icon.tsx";
import { shareOf, SureMark, sureOf, valueOf } from "../marks/sure.tsx";
import { words } from "../words.ts";

export const DAYS_SHOWN = 14;

/** What a row's facts are told against. */
export interface Surroundings {
  /** The recording's last moment. */
  readonly end: number;
  readonly listening: boolean;
  readonly listened: Listened;
}

interface ColumnAbout {
  readonly title: string;
  readonly doc: string;
  /** Field the store sorts by; absent: it cannot. */
  readonly sort?: string;
  readonly width: number;
  readonly right?: true;
  /** Shown from this window width on, unless a person chose. */
  readonly from: number;
  /** Name in a CSV. */
  readonly csv: string;
  readonly show: (device: DeviceSummary, around: Surroundings, justHeard: boolean) => ReactNode;
}

/** In the order they stand. The first cannot be taken away: it is the row's name. */
const COLUMNS = {
  device: {
    title: "Device",
    doc: "Its name and care class",
    sort: "name",
    width: 232,
    from: 0,
    csv: "name,care",
    show: (device, _, justHeard) => (
      <div className="cell-device">
        <KindIcon kind={valueOf(device.kind)} />
        <div className="two-lines">
          <span>
            <CareBar device={device} />
            <Link to="/devices/$id" params={{ id: device.id }} className="row-link">
              {device.name}
            </Link>
          </span>
          <span className="line2">{justHeard ? <b className="just-heard">Just heard</b> : <CareWords device={device} />}</span>
        </div>
      </div>
    ),
  },
  kind: {
    title: "What it is",
    doc: "Kind, maker and model, and how sure we are",
    sort: "kind",
    width: 236,
    from: 0,
    csv: "kind,maker,model",
    show: (device) => (
      <Two first={kindWords(device.kind)} quiet={valueOf(device.kind) === null}>
        <MakerModel device={device} />
      </Two>
    ),
  },
  location: {
    title: "Last heard at",
    doc: "Ward, bed, switch port or access point",
    sort: "location",
    width: 170,
    from: 1000,
    csv: "location",
    show: (device) => <Place stated={device.location} />,
  },
  address: {
    title: "Address",
    doc: "Network address and network card",
    sort: "ip",
    width: 150,
    from: 560,
    csv: "ip,mac",
    show: (device) => (
      <Two first={device.ips[0] === undefined ? "Not heard" : `${device.ips[0]}${more(device.ips)}`} quiet={device.ips.length === 0}>
        {device.macs[0] === undefined ? "card not heard" : `${device.macs[0]}${more(device.macs)}`}
      </Two>
    ),
  },
  filed: {
    title: "Control number",
    doc: "The hospital’s own number, owner and status, from its list",
    sort: "controlNumber",
    width: 150,
    from: 9999,
    csv: "controlNumber,owner,status",
    show: (device) => (
      <Two first={device.controlNumber?.value ?? "Not known"} quiet={device.controlNumber === null}>
        {[device.owner?.value, device.status?.value].filter((it) => it !== undefined).join(" · ")}
      </Two>
    ),
  },
  system: {
    title: "System",
    doc: "Operating system",
    sort: "os",
    width: 160,
    from: 1700,
    csv: "os",
    show: (device) => <Plain stated={device.os} />,
  },
  heard: {
    title: "Heard",
    doc: "On which days, newest right",
    width: 122,
    from: 1240,
    csv: "",
    show: (device, { listened }) => <Heard days={device.days} listened={listened} last={DAYS_SHOWN} />,
  },
  services: {
    title: "Services",
    doc: "How many it was heard answering",
    sort: "services",
    width: 92,
    right: true,
    from: 1900,
    csv: "services",
    show: (device) => words.count(device.services),
  },
  peers: {
    title: "Talks to",
    doc: "How many others",
    sort: "peers",
    width: 92,
    right: true,
    from: 1500,
    csv: "peers",
    show: (device) => words.count(device.peers),
  },
  first: {
    title: "First heard",
    doc: "When it was heard first",
    sort: "first",
    width: 176,
    from: 9999,
    csv: "first",
    show: (device) => words.time(device.first),
  },
  last: {
    title: "Last",
    doc: "How long before the recording's end",
    sort: "last",
    width: 92,
    right: true,
    from: 760,
    csv: "last",
    show: (device, { end, listening }) => <span title={words.time(device.last)}>{words.age(device.last, end, listening)}</span>,
  },
} as const satisfies Record<string, ColumnAbout>;
export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
export const aboutColumn = (name: ColumnName): ColumnAbout => COLUMNS[name];

interface TwoProps {
  readonly first: string;
  readonly quiet?: boolean;
  /** The whole, where the first line is a part of it. */
  readonly title?: string;
  readonly children: ReactNode;
}

function Two({ first, quiet = false, title = first, children }: TwoProps) {
  return (
    <div className="two-lines" title={title}>
      <span className={quiet ? "quiet" : ""}>{first}</span>
      <span className="line2">{children}</span>
    </div>
  );
}

/** The word stands before a value that is not sure, on the first line too. */
function kindWords(kind: Stated | null): string {
  const value = valueOf(kind);
  if (value === null) return "Not known";
  return sureOf(kind) === "probably" ? `Probably ${value}` : words.capital(value);
}

function Plain({ stated }: { readonly stated: Stated | null }) {
  const value = valueOf(stated);
  if (value === null) return <span className="quiet">Not known</span>;
  const sure = sureOf(stated);
  return (
    <Two first={value}>
      <SureMark sure={sure} />
      {SURE_WORDS[sure]}
    </Two>
  );
}

/** A civic address goes from the building to the bed; what one looks for is its end. */
function Place({ stated }: { readonly stated: Stated | null }) {
  const value = valueOf(stated);
  const at = value?.lastIndexOf(", ") ?? -1;
  if (value === null || at < 0) return <Plain stated={stated} />;
  return (
    <Two first={value.slice(at + 2).replace(/^room /, "")} title={value}>
      <SureMark sure={sureOf(stated)} />
      {value.slice(0, at)}
    </Two>
  );
}

function MakerModel({ device }: { readonly device: DeviceSummary }) {
  const maker = valueOf(device.maker);
  const model = valueOf(device.model);
  const stated = model === null ? device.maker : device.model;
  if (stated === null || (maker === null && model === null))
    return (
      <>
        <SureMark sure="unknown" />
        maker not known
      </>
    );
  const sure = sureOf(stated);
  const called = maker !== null && model !== null && !model.startsWith(maker) ? `${maker} ${model}` : (model ?? maker);
  return (
    <>
      <SureMark sure={sure} />
      <span className="cut">
        {sure === "probably" ? "probably " : sure === "disagree" ? "sources disagree: " : ""}
        {called}
        {sure === "said" ? " · said" : ` · ${shareOf(stated)}`}
      </span>
    </>
  );
}

const SURE_WORDS = {
  known: "known",
  probably: "probably",
  unknown: "not known",
  disagree: "sources disagree",
  said: "said by a person",
} as const;

function more(values: readonly string[]): string {
  return values.length > 1 ? ` and ${values.length - 1} more` : "";
}
