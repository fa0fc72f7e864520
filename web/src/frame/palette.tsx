/** Ctrl K: any device by name, address or serial, every place and view, and what one can do here. */
import { useMantineColorScheme } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api } from "../api.ts";
import { copy } from "../copy.ts";
import { quoted } from "../devices/filter-text.ts";
import { searchOf, useViews } from "../devices/views.ts";
import { KindIcon } from "../marks/kind-icon.tsx";
import { valueOf } from "../marks/sure.tsx";

const SHOWN = 8;

export function Palette() {
  const router = useRouter();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const { views } = useViews();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 120);
  const { data } = useQuery({
    queryKey: ["palette", asked],
    queryFn: ({ signal }) =>
      api.devices({ filter: asked.split(/\s+/).map(quoted).join(" "), sort: "name", descending: false, offset: 0, limit: SHOWN }, signal),
    enabled: asked !== "",
    retry: false,
  });
  const devices = asked === "" ? [] : (data?.rows ?? []);
  const list = useRef<HTMLDivElement>(null);
  // Mantine chooses the first as one types; what comes later it leaves unchosen, and Enter would do nothing.
  useEffect(() => {
    if (data === undefined) return;
    const [first, ...others] = list.current?.querySelectorAll("[data-action]") ?? [];
    first?.setAttribute("data-selected", "true");
    for (const other of others) other.removeAttribute("data-selected");
  }, [data]);

  const acts: readonly (readonly [words: string, act: () => void])[] = [
    ...PLACES.map(([to, words]) => [words, () => void router.navigate({ to })] as const),
    ...views.map((view) => [`View: ${view.name}`, () => void router.navigate({ to: "/devices", search: searchOf(view) })] as const),
    ["Colors: light", () => setColorScheme("light")],
    ["Colors: dark", () => setColorScheme("dark")],
    ["Colors: as the system", () => setColorScheme("auto")],
    ["Copy the command line for this list", () => copy(commandOf(router.state.location.search), "The command is copied.")],
  ];
  const fitting = acts.filter(([words]) => words.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut={["mod + K"]}
      lockScroll={false}
      scrollable
      maxHeight="60dvh"
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      title="Find"
      classNames={{ header: "unseen" }}
    >
      <Spotlight.Search
        placeholder="Name, address, serial, or what to do"
        aria-label="Find a device or a place"
        leftSection={<IconSearch className="icon" size={18} aria-hidden="true" />}
      />
      <Spotlight.ActionsList ref={list}>
        {devices.map((device) => (
          <Spotlight.Action
            key={device.id}
            leftSection={<KindIcon kind={valueOf(device.kind)} />}
            label={device.name}
            description={`${valueOf(device.kind) ?? "Not known"} · ${device.ips[0] ?? device.macs[0] ?? ""}`}
            onClick={() => void router.navigate({ to: "/devices/$id", params: { id: device.id } })}
          />
        ))}
        {fitting.map(([words, act]) => (
          <Spotlight.Action key={words} label={words} onClick={act} />
        ))}
        {devices.length === 0 && fitting.length === 0 && <Spotlight.Empty>Nothing heard is called that.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

const PLACES = [
  ["/today", "Today"],
  ["/devices", "Devices"],
  ["/findings", "Findings"],
  ["/weaknesses", "Weaknesses"],
  ["/do-not-scan", "Do not scan"],
  ["/list", "The hospital’s own list"],
  ["/policy", "Policies"],
  ["/lifecycle", "Lifecycle: growth, what changed, recalls"],
  ["/reports", "Reports"],
  ["/heard", "What we heard"],
  ["/open", "Open a capture, the sample, or listen"],
] as const;

/** For a shell: quotes inside quotes end, escape and begin them. */
function commandOf({ filter = "" }: { readonly filter?: string }): string {
  return filter === "" ? "auscult devices" : `auscult devices --filter '${filter.replaceAll("'", "'\\''")}'`;
}
