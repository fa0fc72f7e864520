/** All sites a person may see: which is behind, blind or silent, and why; and a search through all of them. */
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import { SignInPage } from "../account/sign-in-page.tsx";
import { api, Refused, type Site } from "../api.ts";
import { Logo } from "../frame/logo.tsx";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { ThemeButton } from "../frame/top-bar.tsx";
import { words } from "../words.ts";
import { FoundDevices } from "./found-devices.tsx";

/** A core says so often how its sites stand. */
const AGAIN_MS = 5_000;

export function SitesPage() {
  const { data, error } = useQuery({
    // Of the session, so that whoever signs in is shown it anew.
    queryKey: ["session", "sites"],
    queryFn: ({ signal }) => api.sites(signal),
    refetchInterval: AGAIN_MS,
  });
  const [typed, setTyped] = useState("");
  const filter = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["sites", "devices", filter],
    queryFn: ({ signal }) => api.acrossSites(filter, signal),
    placeholderData: keepPreviousData,
    enabled: filter !== "" && data !== undefined,
  });
  useEffect(() => {
    document.title = "Sites · Auscult";
  }, []);
  if (error instanceof Refused && error.signIn) return <SignInPage why={error.message} signOn={error.signOn} />;
  const sites = data?.sites ?? [];
  const troubled = sites.filter(({ state }) => state !== "hears");
  return (
    <main className="opening sites">
      <header className="opening-brand">
        <Logo size={38} />
        Auscult
        <span className="opening-lock">{data?.who}</span>
        <ThemeButton />
      </header>
      <h1 className="opening-title">Sites</h1>
      <p className="opening-lead" role="status">
        {data === undefined ? (error?.message ?? "Asking how they stand …") : summary(sites, troubled)}
      </p>
      {data !== undefined && data.away !== "" && (
        <p className="notice warn">The database does not answer this core just now: what stands here is of before. {data.away}</p>
      )}
      {data !== undefined && error !== null && (
        <p className="notice wrong" role="alert">
          {error.message} What stands here is of before.
        </p>
      )}
      <label className="sites-search">
        <span>
          <IconSearch className="icon" size={16} stroke={1.6} aria-hidden="true" /> Find a device in all of them
        </span>
        <input
          className="field"
          type="search"
          value={typed}
          maxLength={1_000}
          spellCheck={false}
          placeholder="a name, address or serial, or: kind = pump and last > 1d"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {filter !== "" && found.error !== null && <p className="notice wrong">{found.error.message}</p>}
      {filter !== "" && found.data !== undefined && <FoundDevices found={found.data} />}
      {sites.length > 0 && (
        <section className="sheet">
          <header>
            <h2>How each stands</h2>
            <span className="quiet">{words.plural(sites.length, "site")}, those to be looked at first</span>
          </header>
          <ul className="inputs">
            {[...troubled, ...sites.filter(({ state }) => state === "hears")].map((site) => (
              <SiteRow key={site.name} site={site} />
            ))}
          </ul>
        </section>
      )}
      <NotAnAlarm />
    </main>
  );
}

function SiteRow({ site: { name, address, state, words: why, page, isHere, devices, pending } }: { readonly site: Site }) {
  return (
    <li>
      <div className="input-head">
        <h3>
          <a href={address}>{name}</a>
        </h3>
        <span className={state === "hears" ? "chip note" : "chip"}>{STATE_WORDS[state]}</span>
        <span className="quiet">
          {words.plural(devices, "device")}
          {pending > 0 && `, ${words.plural(pending, "batch", "batches")} to be stored`}
          {isHere ? " · of this core" : page !== "" && ` · of the core at ${page}`}
        </span>
      </div>
      <p>{why}</p>
    </li>
  );
}

function summary(sites: readonly Site[], troubled: readonly Site[]): string {
  if (sites.length === 0) return "Your account sees no site. Whoever keeps the accounts can say otherwise.";
  if (troubled.length === 0) return "All of them hear, and none is behind.";
  return `${words.plural(troubled.length, "site")} of ${words.count(sites.length)} to be looked at.`;
}

const STATE_WORDS = { hears: "hears", busy: "busy", behind: "behind", blind: "blind", silent: "silent", nobody: "no core" } as const;
