/** What every page stands in: the binder's spine, the bar above, and what is being read just now. A capture may be dropped anywhere. */
import { Link, Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import {
  IconBell,
  IconChecklist,
  IconEar,
  IconFolderOpen,
  IconListCheck,
  IconReport,
  IconShieldExclamation,
  IconStethoscope,
  IconTrendingUp,
  IconWall,
} from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { NameNotice } from "../account/name-notice.tsx";
import { SignInPage } from "../account/sign-in-page.tsx";
import { api, Refused } from "../api.ts";
import { useKeys } from "../keys.ts";
import { useLive } from "../live.tsx";
import { OpeningPage } from "../opening/opening-page.tsx";
import { Drop } from "../opening/drop.tsx";
import { sayWrong } from "../say.tsx";
import { undoLast } from "../undo.ts";
import { words } from "../words.ts";
import { KeysSheet } from "./keys-sheet.tsx";
import { Logo } from "./logo.tsx";
import { Notes } from "./notes.tsx";
import { Palette } from "./palette.tsx";
import { Reading } from "./reading.tsx";
import { TopBar } from "./top-bar.tsx";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";

export function Frame() {
  const { now, error, connected, fresh } = useLive();
  const [help, setHelp] = useState(false);
  const router = useRouter();
  const client = useQueryClient();
  const { data: found } = useQuery({
    queryKey: ["findings", "urgent", fresh],
    queryFn: ({ signal }) => api.findings({ states: ["new"], severity: "high", offset: 0, limit: 1 }, signal),
    placeholderData: keepPreviousData,
    enabled: now?.recording != null,
  });
  const urgent = found?.urgent ?? 0;
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? "" });

  useKeys(
    useMemo(
      () => ({
        "g t": () => router.navigate({ to: "/today" }),
        "g d": () => router.navigate({ to: "/devices" }),
        "g f": () => router.navigate({ to: "/findings" }),
        "g w": () => router.navigate({ to: "/weaknesses" }),
        "g l": () => router.navigate({ to: "/list" }),
        "g p": () => router.navigate({ to: "/policy" }),
        "g y": () => router.navigate({ to: "/lifecycle" }),
        "g r": () => router.navigate({ to: "/reports" }),
        "g h": () => router.navigate({ to: "/heard" }),
        "g o": () => router.navigate({ to: "/open" }),
        "?": () => setHelp(true),
        u: () => void undoLast(client).catch(sayWrong),
      }),
      [router, client],
    ),
  );
  // The first opening is at the address of the page it opens.
  const place = now?.recording == null ? "first" : path;
  const placeBefore = useRef(now === null ? null : place);
  useEffect(() => {
    document.title = TITLES[path] ?? "Auscult";
    const before = placeBefore.current;
    placeBefore.current = now === null ? null : place;
    if (before === null || before === place) return;
    // What had the focus is gone with its page: reading and Tab go on from the new one.
    if (document.activeElement === document.body) document.getElementById("main")?.focus();
  }, [path, place, now]);

  if (error instanceof Refused && error.signIn) return <SignInPage why={error.message} signOn={error.signOn} />;
  if (error !== null && (now === null || isSignedOut(error))) return <Outside error={error} />;
  if (now === null) return <main className="page" aria-busy="true" />;

  const sheet = <KeysSheet opened={help} close={() => setHelp(false)} />;
  if (now.recording === null)
    return (
      <Drop>
        <OpeningPage first help={() => setHelp(true)} />
        {sheet}
      </Drop>
    );
  return (
    <Drop>
      <a className="skip button" href="#main">
        To the page
      </a>
      <div className="frame">
        <nav className="rail" aria-label="Places">
          <Link to="/" className="rail-logo" aria-label="Auscult">
            <Logo />
          </Link>
          <RailLink to="/today" word="Today" icon={<IconChecklist className="icon" size={22} stroke={1.6} aria-hidden="true" />} />
          <RailLink to="/devices" word="Devices" icon={<IconStethoscope className="icon" size={22} stroke={1.6} aria-hidden="true" />} />
          <RailLink
            to="/findings"
            word="Findings"
            icon={<IconBell className="icon" size={22} stroke={1.6} aria-hidden="true" />}
            count={urgent}
          />
          <RailLink
            to="/weaknesses"
            within={["/do-not-scan"]}
            word="Weaknesses"
            icon={<IconShieldExclamation className="icon" size={22} stroke={1.6} aria-hidden="true" />}
          />
          <RailLink to="/list" word="List" icon={<IconListCheck className="icon" size={22} stroke={1.6} aria-hidden="true" />} />
          <RailLink
            to="/policy"
            within={["/policy-draft"]}
            word="Policy"
            icon={<IconWall className="icon" size={22} stroke={1.6} aria-hidden="true" />}
          />
          <RailLink
            to="/lifecycle"
            within={["/recalls"]}
            word="Lifecycle"
            icon={<IconTrendingUp className="icon" size={22} stroke={1.6} aria-hidden="true" />}
          />
          <RailLink to="/reports" word="Reports" icon={<IconReport className="icon" size={22} stroke={1.6} aria-hidden="true" />} />
          <RailLink to="/heard" word="Heard" icon={<IconEar className="icon" size={22} stroke={1.6} aria-hidden="true" />} />
          <div className="rail-foot">
            <RailLink to="/open" word="Open" icon={<IconFolderOpen className="icon" size={22} stroke={1.6} aria-hidden="true" />} />
          </div>
        </nav>
        <div className="frame-side">
          <TopBar now={now} help={() => setHelp(true)} />
          {now.reading !== null && <Reading reading={now.reading} />}
          <main id="main" tabIndex={-1} className="page">
            {!connected && (
              <p className="notice wrong" role="alert">
                Auscult does not answer. The page shows what it had. If the program was ended, start it again and open the address it
                prints.
              </p>
            )}
            {path !== "/heard" && <Notes key={now.recording} notes={now.notes} />}
            {!now.isNamed && <NameNotice now={now} />}
            <Outlet />
          </main>
        </div>
      </div>
      <Palette />
      {sheet}
    </Drop>
  );
}

const TITLES: Readonly<Record<string, string>> = {
  "/today": "Today · Auscult",
  "/devices": "Devices · Auscult",
  "/findings": "Findings · Auscult",
  "/weaknesses": "Weaknesses · Auscult",
  "/do-not-scan": "Do not scan · Auscult",
  "/list": "The hospital’s own list · Auscult",
  "/policy": "Policies · Auscult",
  "/lifecycle": "Lifecycle · Auscult",
  "/reports": "Reports · Auscult",
  "/heard": "What we heard · Auscult",
  "/open": "Open · Auscult",
};

function RailLink({
  to,
  word,
  icon,
  count = 0,
  within = [],
}: {
  readonly to: "/today" | "/devices" | "/findings" | "/weaknesses" | "/list" | "/policy" | "/lifecycle" | "/reports" | "/heard" | "/open";
  readonly word: string;
  readonly icon: React.ReactNode;
  /** Of what waits there for someone soon. */
  readonly count?: number;
  /** Beginnings of other addresses that belong there. */
  readonly within?: readonly string[];
}) {
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? "" });
  const isWithin = within.some((it) => pathname === it || pathname.startsWith(`${it}/`));
  // Of a page within, the place is where one is, and not the page itself.
  const elsewhere = isWithin ? ({ className: "rail-link active", "aria-current": "true" } as const) : { className: "rail-link" };
  return (
    <Link to={to} {...elsewhere} activeProps={{ className: "rail-link active", "aria-current": "page" }}>
      {icon}
      {word}
      {count > 0 && (
        <span className="rail-count">
          {words.count(count)}
          <span className="unseen"> new, for someone soon</span>
        </span>
      )}
    </Link>
  );
}

function isSignedOut(error: Error): boolean {
  return error instanceof Refused && error.status === 401;
}

function Outside({ error }: { readonly error: Error }) {
  const signedOut = isSignedOut(error);
  return (
    <main className="opening">
      <div className="opening-brand">
        <Logo />
        Auscult
      </div>
      <h1 className="opening-title">{signedOut ? "Open the address Auscult printed" : "Auscult does not answer"}</h1>
      <p className="opening-lead">
        {signedOut
          ? "It ends in a token that lets this browser in. A new one is printed each time Auscult starts."
          : "Is it still running in its terminal? This page goes on as soon as it is."}
      </p>
      <p>
        <button className="button" type="button" onClick={() => location.reload()}>
          Look again
        </button>
      </p>
    </main>
  );
}
