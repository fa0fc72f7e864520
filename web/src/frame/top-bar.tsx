/** What is open, whether we listen, what was lost, and that nothing was sent: always in view. */
import { useMantineColorScheme } from "@mantine/core";
import { openSpotlight } from "@mantine/spotlight";
import { IconEar, IconEarOff, IconFileText, IconHelpCircle, IconMoon, IconSearch, IconSun, IconSunMoon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Who } from "../account/who.tsx";
import type { Now } from "../api.ts";
import { NOT_AN_ALARM } from "./not-an-alarm.tsx";
import { BASE } from "../site.ts";
import { hearingWords, lostWords } from "../hearing.ts";

export function TopBar({ now, help }: { readonly now: Now; readonly help: () => void }) {
  const Icon = now.hearing.kind === "deaf" ? IconEarOff : now.listening.length > 0 ? IconEar : IconFileText;
  const partly = now.hearing.kind === "deaf" || now.hearing.kind === "halfRead" || now.hearing.kind === "oneSided";
  return (
    <header className="top-bar">
      <div className="top-bar-facts">
        <span>
          <strong>{now.recording}</strong>
          {BASE !== "" && (
            <>
              {" "}
              · <a href="/sites">all sites</a>
            </>
          )}
          {now.sample && <span className="quiet"> · sample</span>}
        </span>
        <span className={partly ? "top-bar-state partly" : "top-bar-state"}>
          <Icon
            className="icon"
            size={18}
            stroke={1.6}
            color={partly ? "var(--honey)" : now.listening.length > 0 ? "var(--theatre)" : "currentColor"}
            aria-hidden="true"
          />
          {hearingWords(now)}
        </span>
        <Link to="/heard" className="top-bar-lost">
          {lostWords(now)}
        </Link>
        <span className="top-bar-sent">nothing sent</span>
        <Link to="/heard" hash="not-an-alarm" className="top-bar-alarm" title={NOT_AN_ALARM}>
          not an alarm
        </Link>
      </div>
      <button type="button" className="search-button" onClick={openSpotlight}>
        <IconSearch className="icon" size={16} stroke={1.6} aria-hidden="true" />
        <span>Find a device, address, serial</span>
        <span className="kbd" aria-hidden="true">
          Ctrl K
        </span>
      </button>
      <ThemeButton />
      <button type="button" className="button alone" aria-label="Help and keys" onClick={help}>
        <IconHelpCircle className="icon" size={20} stroke={1.6} aria-hidden="true" />
      </button>
      <Who now={now} />
    </header>
  );
}

const SCHEMES = {
  auto: ["light", IconSunMoon, "as the system"],
  light: ["dark", IconSun, "light"],
  dark: ["auto", IconMoon, "dark"],
} as const;

export function ThemeButton() {
  // Mantine would stop transitions by a <style> element, which the content security policy refuses; ours have none on colors.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [next, Icon, word] = SCHEMES[colorScheme];
  return (
    <button
      type="button"
      className="button alone"
      aria-label={`Colors: ${word}. Change to ${SCHEMES[next][2]}`}
      onClick={() => setColorScheme(next)}
    >
      <Icon className="icon" size={20} stroke={1.6} aria-hidden="true" />
    </button>
  );
}
