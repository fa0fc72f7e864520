/** One device: a sentence before the facts, then overview, how we know, and connections. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { IconArrowMerge, IconEar } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import type { DeviceDetail } from "../../../src/model/device.ts";
import { whyOtherNumber } from "../../../src/model/one-machine.ts";
import { sentenceOf } from "../../../src/model/sentence.ts";
import { api, Refused } from "../api.ts";
import { isHearing } from "../hearing.ts";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { CareChip } from "../marks/care.tsx";
import { DeafGuards, useDeafGuards } from "../marks/guard.tsx";
import { KindIcon } from "../marks/kind-icon.tsx";
import { SeverityWord } from "../marks/severity.tsx";
import { Sureness, valueOf } from "../marks/sure.tsx";
import type { Tab } from "../router.tsx";
import { words } from "../words.ts";
import { Connections } from "./connections.tsx";
import { DeviceDoNotScan } from "../do-not-scan/device-do-not-scan.tsx";
import { DeviceDisclosure } from "./device-disclosure.tsx";
import { DeviceFindings } from "./device-findings.tsx";
import { DeviceRiskTab, useRisk } from "./device-risk.tsx";
import { DeviceWeaknesses } from "./device-weaknesses.tsx";
import { HowWeKnow } from "./how-we-know.tsx";
import { Overview } from "./overview.tsx";

const TAB_WORDS: readonly (readonly [Tab, string])[] = [
  ["overview", "Overview"],
  ["how", "How we know"],
  ["connections", "Connections"],
  ["risk", "Risk"],
  ["weaknesses", "Weaknesses"],
  ["findings", "Findings"],
];

export function DevicePage() {
  const { id } = useParams({ from: "/devices/$id" });
  const { tab = "overview" } = useSearch({ from: "/devices/$id" });
  const navigate = useNavigate({ from: "/devices/$id" });
  const { now, fresh } = useLive();
  const { data: device, error } = useQuery({
    queryKey: ["device", id, fresh],
    queryFn: ({ signal }) => api.device(id, signal),
    placeholderData: (before) => (before !== undefined && isOf(before, id) ? before : undefined),
  });
  const { data: coverage } = useQuery({
    queryKey: ["coverage", fresh],
    queryFn: ({ signal }) => api.coverage(signal),
    placeholderData: (before) => before,
  });
  const guards = useDeafGuards(fresh, id);
  const router = useRouter();
  useKeys(
    useMemo(
      () => ({ Escape: () => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: "/devices" })) }),
      [router],
    ),
  );
  const listening = isHearing(now);

  useEffect(() => {
    if (device !== undefined) document.title = `${device.name} · Auscult`;
  }, [device]);

  if (device === undefined) return error === null ? <p className="waiting">The device is on its way</p> : <Missing id={id} error={error} />;
  const other = whyOtherNumber(id, device);
  const age = coverage?.to == null ? "" : words.age(device.last, coverage.to, listening);
  return (
    <article className="device">
      <nav aria-label="Path" className="path">
        <Link to="/devices">Devices</Link> › {valueOf(device.location) ?? "place not known"}
      </nav>
      {other !== null && (
        <p className="notice">
          <IconArrowMerge className="icon" size={18} stroke={1.6} aria-hidden="true" />
          <span>
            {other}{" "}
            <Link to="/devices/$id" params={{ id: device.id }} search={{ tab: "how" }}>
              How we know
            </Link>
          </span>
        </p>
      )}
      <header className="device-head">
        <span className="disc">
          <KindIcon kind={valueOf(device.kind)} size={28} />
        </span>
        <div>
          <div className="device-name">
            <h1>{device.name}</h1>
            <CareChip device={device} />
            <LastHeard device={device} age={age} />
            <RiskMark id={device.id} fresh={fresh} />
          </div>
          <p className="sentence">
            {sentenceOf(device)} <Sureness stated={device.kind} />
          </p>
          <DeviceDoNotScan device={device} fresh={fresh} />
        </div>
      </header>
      <DeafGuards guards={guards} />
      <div className="view-tabs" role="tablist" aria-label="About this device">
        {TAB_WORDS.map(([name, word], index) => (
          <span key={name} className={name === tab ? "view-tab current" : "view-tab"} role="presentation">
            <button
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={name === tab}
              aria-controls="tab-panel"
              tabIndex={name === tab ? 0 : -1}
              onClick={() => void navigate({ search: { tab: name }, replace: true })}
              onKeyDown={(event) => {
                const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                const next = TAB_WORDS[(index + step + TAB_WORDS.length) % TAB_WORDS.length]?.[0];
                if (step === 0 || next === undefined) return;
                void navigate({ search: { tab: next }, replace: true });
                document.getElementById(`tab-${next}`)?.focus();
              }}
            >
              {word}
            </button>
          </span>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} className="tab-panel">
        {tab === "overview" && <Overview device={device} coverage={coverage} fresh={fresh} />}
        {tab === "risk" && <DeviceRiskTab id={device.id} fresh={fresh} />}
        {tab === "weaknesses" && <DeviceWeaknesses device={device} fresh={fresh} />}
        {tab === "findings" && <DeviceFindings id={device.id} guards={guards} fresh={fresh} />}
        {tab === "how" && <HowWeKnow device={device} />}
        {tab === "connections" && (
          <>
            <Connections id={device.id} coverage={coverage} listening={listening} fresh={fresh} />
            <DeviceDisclosure id={device.id} fresh={fresh} />
          </>
        )}
      </div>
    </article>
  );
}

/** Only where something is wrong: a device with nothing wrong says nothing of it. */
function RiskMark({ id, fresh }: { readonly id: string; readonly fresh: number }) {
  const { data: risk } = useRisk(id, fresh);
  if (risk === undefined || risk.troubles === 0) return null;
  return (
    <Link to="/devices/$id" params={{ id }} search={{ tab: "risk" }} className="risk-mark">
      <SeverityWord severity={risk.band} /> <span>risk {risk.total}</span>
    </Link>
  );
}

/** It was asked for by this number: its own, or that of a device which is a part of it now. */
function isOf(device: DeviceDetail, id: string): boolean {
  return device.id === id || device.divided.some(({ what, named }) => what === "merge" && named.includes(id));
}

function LastHeard({ device, age }: { readonly device: DeviceDetail; readonly age: string }) {
  const recently = age === "now" || age === "at the end";
  return (
    <span className={recently ? "chip heard" : "chip"} title={words.time(device.last)}>
      <IconEar className="icon" size={14} stroke={1.8} aria-hidden="true" />
      {age === "never"
        ? "Never heard: others wrote it down"
        : age === "now"
          ? "Heard now"
          : recently
            ? "Heard to the end"
            : `Last heard ${age} before the end`}
    </span>
  );
}

function Missing({ id, error }: { readonly id: string; readonly error: Error }) {
  return (
    <div className="sheet empty">
      <h1>{error instanceof Refused && error.status === 404 ? `No device is called ${id}` : "The device did not come"}</h1>
      <p>
        {error instanceof Refused && error.status === 404 ? "It may be of another recording than the one that is open." : error.message}
      </p>
      <Link to="/devices" className="button">
        All devices
      </Link>
    </div>
  );
}
