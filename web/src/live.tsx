/** News as it comes: one stream for the whole page, kept in the query cache, and a number that grows when there are other devices. */
import { notifications } from "@mantine/notifications";
import { useIsFetching, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { api } from "./api.ts";
import type { Now } from "./api.ts";
import { BASE } from "./site.ts";

interface Live {
  /** Null until the first answer. */
  readonly now: Now | null;
  readonly error: Error | null;
  /** False while Auscult does not answer; what is shown is what was known then. */
  readonly connected: boolean;
  /** Grows each time the recording answers otherwise than before; behind the state's own number until all that was asked has come. */
  readonly fresh: number;
}

const LiveContext = createContext<Live>({ now: null, error: null, connected: true, fresh: 0 });
export const useLive = () => useContext(LiveContext);

export function LiveNews({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["session"], queryFn: ({ signal }) => api.session(signal), staleTime: Infinity });
  const [connected, setConnected] = useState(true);
  const [fresh, setFresh] = useState(0);
  // A stream tells who asked for it: under another name another one is asked for.
  const who = data?.who;

  useEffect(() => {
    if (who === undefined) return;
    const stream = new EventSource(`${BASE}/api/events`);
    stream.addEventListener("open", () => setConnected(true));
    stream.addEventListener("error", () => {
      setConnected(false);
      // It tries again by itself unless it was refused: then the program was started anew, with another token.
      if (stream.readyState === EventSource.CLOSED) void client.refetchQueries({ queryKey: ["session"] });
    });
    stream.addEventListener("state", (event: MessageEvent<string>) => {
      const news = JSON.parse(event.data) as Now;
      client.setQueryData<Now>(["session"], (before) => (before === undefined ? before : news));
    });
    return () => stream.close();
  }, [client, who]);

  // Asked anew only when everything asked before has come: news that outrun the answers would leave the page without any.
  const fetching = useIsFetching();
  const told = data?.revision ?? 0;
  useEffect(() => {
    if (fetching === 0) setFresh(told);
  }, [fetching, told]);

  const recording = data?.recording ?? null;
  useEffect(() => {
    if (recording === null) return;
    // What was said of the one before, and could be taken back in it, is not true of this one.
    notifications.clean();
    // Another recording: nothing kept of the one before holds.
    client.removeQueries({
      predicate: (query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "interfaces" && query.getObserversCount() === 0,
    });
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
  }, [client, recording]);

  const live = useMemo(() => ({ now: data ?? null, error, connected, fresh }), [data, error, connected, fresh]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
