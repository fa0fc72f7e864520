/** Where one could listen, with the kernel's own counters: a mirror port is the one where much comes in and nothing goes out. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../api.ts";
import { Command, Verdict } from "../heard/verdict.tsx";
import { isHearing } from "../hearing.ts";
import { useLive } from "../live.tsx";
import { sayWrong } from "../say.tsx";
import { words } from "../words.ts";
import { CopyNote } from "./note.tsx";
import { useGo } from "./opening-page.tsx";

const LOOK_MS = 1_000;
const RATES_KEPT = 10;
/** Frames a second from which "much in, nothing out" is said: an idle port of one's own shows less. */
const MIRROR_RATE_MIN = 20;

export function Interfaces() {
  const { now } = useLive();
  const { go } = useGo();
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: ["interfaces"],
    queryFn: ({ signal }) => api.interfaces(signal),
    refetchInterval: LOOK_MS,
    retry: false,
  });
  const rates = useRates(data, dataUpdatedAt);
  if (error !== null) return <p className="second">{error.message}</p>;
  const missing = data?.find((it) => it.missing !== null)?.missing ?? null;
  return (
    <>
      <ul className="interfaces">
        {(data ?? []).map((it) => {
          const rate = rates.get(it.name);
          const heard = now?.listening.find((input) => input.name === it.name);
          const mirror = rate !== undefined && rate.in >= MIRROR_RATE_MIN && rate.out === 0;
          return (
            <li key={it.name}>
              <div className="interface-about">
                <b>{it.name}</b>
                {mirror && <span className="chip heard">probably a mirror</span>}
                <span className="second block">
                  {heard !== undefined
                    ? `${words.count(heard.framesPerSecond)} frames/s, ${words.count(heard.frames)} heard`
                    : rateWords(rate)}
                </span>
              </div>
              <Rates values={rate?.history ?? []} />
              {heard !== undefined ? (
                <span className={isHearing(now) ? "chip heard" : "chip"}>{isHearing(now) ? "Listening" : "Deaf"}</span>
              ) : (
                <button
                  type="button"
                  className="button small"
                  aria-disabled={!it.up || it.missing !== null}
                  onClick={() => it.up && it.missing === null && go(() => api.listen([it.name]))}
                >
                  {!it.up ? "Not up" : it.missing !== null ? "No right" : "Listen"}
                  <span className="unseen"> on {it.name}</span>
                </button>
              )}
              {heard !== undefined && (
                <div className="interface-verdict">
                  <Verdict verdict={heard.verdict} live />
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {(now?.listening.length ?? 0) > 0 && (
        <p className="second stop-listening">
          <button type="button" className="button small" onClick={() => void api.stop().catch(sayWrong)}>
            Stop listening
          </button>
          What was heard stays.
        </p>
      )}
      {data?.length === 0 && <p className="second">This computer has no interface that could hear a mirror.</p>}
      {missing !== null && (
        <div className="missing-right">
          <b>{missing.words}</b>
          <Command text={missing.cure} />
        </div>
      )}
      <div className="choice-go">
        <p className="second">
          <b>No mirror port yet?</b> Here is a note for the network team that asks for one.
        </p>
        <CopyNote words="Copy the note" />
      </div>
    </>
  );
}

interface Rate {
  readonly in: number;
  readonly out: number;
  readonly history: readonly number[];
}

/** Counters are totals since the interface came up; what tells something is their difference. */
function useRates(
  counters: readonly { readonly name: string; readonly framesIn: number; readonly framesOut: number }[] | undefined,
  at: number,
): ReadonlyMap<string, Rate> {
  const [state, setState] = useState<{
    at: number;
    before: ReadonlyMap<string, readonly [number, number]>;
    rates: ReadonlyMap<string, Rate>;
  }>({
    at: 0,
    before: new Map(),
    rates: new Map(),
  });
  useEffect(() => {
    if (counters === undefined || at === 0) return;
    setState((last) => {
      if (at <= last.at) return last;
      const seconds = (at - last.at) / 1000;
      const rates = new Map<string, Rate>();
      for (const it of counters) {
        const before = last.before.get(it.name);
        if (before === undefined) continue;
        const inward = Math.max(0, Math.round((it.framesIn - before[0]) / seconds));
        const outward = Math.max(0, Math.round((it.framesOut - before[1]) / seconds));
        rates.set(it.name, { in: inward, out: outward, history: [...(last.rates.get(it.name)?.history ?? []), inward].slice(-RATES_KEPT) });
      }
      return { at, before: new Map(counters.map((it) => [it.name, [it.framesIn, it.framesOut] as const])), rates };
    });
  }, [counters, at]);
  return state.rates;
}

function rateWords(rate: Rate | undefined): string {
  if (rate === undefined) return "counting";
  if (rate.in === 0 && rate.out === 0) return "nothing comes in";
  return `${words.count(rate.in)} frames/s in, ${rate.out === 0 ? "none" : words.count(rate.out)} out`;
}

function Rates({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(1, ...values);
  return (
    <svg width={RATES_KEPT * 5} height="18" aria-hidden="true">
      {Array.from({ length: RATES_KEPT }, (_, index) => {
        const value = values[index - (RATES_KEPT - values.length)] ?? 0;
        const height = Math.round((Math.log1p(value) / Math.log1p(most)) * 16);
        return value === 0 ? (
          <circle key={index} cx={index * 5 + 2} cy="16" r="1" fill="var(--edge)" />
        ) : (
          <rect key={index} x={index * 5} width="4" y={17 - height} height={height} fill="var(--theatre-fill)" />
        );
      })}
    </svg>
  );
}
