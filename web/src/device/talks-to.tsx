/** Whom it talks to, at a glance: a line each, as wide as much was said. Dashed is new, dotted is now and then. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ConversationView, DeviceDetail } from "../../../src/model/device.ts";
import type { Coverage } from "../../../src/model/store.ts";
import { api } from "../api.ts";
import { heardOn, listenedOf } from "../marks/heard.tsx";
import type { Listened } from "../marks/heard.tsx";
import { KindIcon } from "../marks/kind-icon.tsx";
import { valueOf } from "../marks/sure.tsx";
import { useProtocolTitles } from "../protocols.ts";
import { words } from "../words.ts";

const SHOWN = 6;
const ROW_HEIGHT = 42;
const WIDTH = 300;
const DISC = 30;
const DAYS = 64;
/** A broader dash is no line any more. */
const BROKEN_WIDTH_MAX = 4;
/** Heard first so short before the end, in a recording that began earlier: new. */
const NEW_MICROS = 7 * 86_400e6;
/** On fewer of the days than this share: now and then. */
const SELDOM = 0.25;

interface TalksToProps {
  readonly device: DeviceDetail;
  readonly coverage: Coverage | undefined;
  readonly fresh: number;
}

export function TalksTo({ device, coverage, fresh }: TalksToProps) {
  const { data } = useQuery({
    queryKey: ["conversations", device.id, 0, fresh],
    queryFn: ({ signal }) => api.conversations(device.id, 0, signal),
    placeholderData: (before) => before,
  });
  const titleOf = useProtocolTitles();
  if (data === undefined || data.total === 0) return null;
  const others = othersOf(data.rows, device.id, titleOf);
  const shown = others.slice(0, SHOWN);
  const listened = listenedOf(coverage);
  const height = shown.length * ROW_HEIGHT;
  return (
    <section className="sheet">
      <header>
        <h2>Whom it talks to</h2>
        <Link to="/devices/$id" params={{ id: device.id }} search={{ tab: "connections" }}>
          {data.total === 1 ? "The conversation" : `All ${words.count(data.total)} conversations`}
        </Link>
      </header>
      <div className="talks-to">
        <span className="disc" style={{ marginTop: height / 2 - DISC }}>
          <KindIcon kind={valueOf(device.kind)} size={28} />
        </span>
        <svg width={WIDTH} height={height} aria-hidden="true">
          {shown.map((other, index) => {
            const y = (index + 0.5) * ROW_HEIGHT;
            const style = styleOf(other, coverage, listened);
            return (
              <path
                key={other.key}
                d={`M0 ${height / 2} C ${WIDTH * 0.5} ${height / 2}, ${WIDTH * 0.45} ${y}, ${WIDTH} ${y}`}
                fill="none"
                stroke={style === "new" ? "var(--gentian)" : "var(--theatre-fill)"}
                strokeWidth={style === "usual" ? widthOf(other.bytes) : Math.min(BROKEN_WIDTH_MAX, widthOf(other.bytes))}
                strokeDasharray={style === "new" ? "7 5" : style === "seldom" ? "2 4" : undefined}
              />
            );
          })}
        </svg>
        <ul>
          {shown.map((other) => (
            <li key={other.key} style={{ height: ROW_HEIGHT }}>
              <span className="two-lines">
                {other.device === null ? (
                  <b>{other.name}</b>
                ) : (
                  <Link to="/devices/$id" params={{ id: other.device }} className="row-link">
                    {other.name}
                  </Link>
                )}
                <span className="line2">{other.protocols.join(", ")}</span>
              </span>
              <span className="number">{words.bytes(other.bytes)}</span>
              <span className="quiet">{rhythmOf(other, coverage, listened)}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

interface Other {
  readonly key: string;
  readonly device: string | null;
  readonly name: string;
  readonly protocols: readonly string[];
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  readonly days: readonly [number, number];
}

/** The ends it talks to, those first that it said most to. */
function othersOf(rows: readonly ConversationView[], id: string, titleOf: (protocol: string) => string): readonly Other[] {
  const byEnd = Map.groupBy(rows, (row) => {
    const other = row.client.device === id ? row.server : row.client;
    return other.device ?? other.name;
  });
  return [...byEnd]
    .map(([key, group]): Other => {
      const first = group[0]!;
      const { device, name } = first.client.device === id ? first.server : first.client;
      return {
        key,
        device,
        name,
        protocols: [
          ...new Set(group.map((row) => (row.protocol === null ? `${row.transport.toUpperCase()} ${row.port}` : titleOf(row.protocol)))),
        ],
        bytes: group.reduce((sum, row) => sum + row.bytes[0] + row.bytes[1], 0),
        first: Math.min(...group.map((row) => row.first)),
        last: Math.max(...group.map((row) => row.last)),
        days: group.reduce<readonly [number, number]>(
          ([low, high], row) => [(low | row.days[0]) >>> 0, (high | row.days[1]) >>> 0],
          [0, 0],
        ),
      };
    })
    .toSorted((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
}

type Style = "new" | "seldom" | "usual";

function styleOf(other: Other, coverage: Coverage | undefined, listened: Listened): Style {
  const { from = null, to = null } = coverage ?? {};
  if (from !== null && to !== null && other.first > to - NEW_MICROS && from < to - NEW_MICROS) return "new";
  const { on, of } = heardOn(other.days, listened, DAYS);
  return on < of * SELDOM ? "seldom" : "usual";
}

function rhythmOf(other: Other, coverage: Coverage | undefined, listened: Listened): string {
  if (styleOf(other, coverage, listened) === "new") return `new, ${words.day(other.first)}`;
  const { on, of } = heardOn(other.days, listened, DAYS);
  if (on === 0) return `last ${words.day(other.last)}`;
  return of < 2 ? "" : `on ${on} of ${of} days`;
}

/** A tenfold more is three pixels wider: a line beside an archive's would else not be seen. */
function widthOf(bytes: number): number {
  return Math.min(14, Math.max(1.5, 3 * (Math.log10(bytes + 1) - 3)));
}
