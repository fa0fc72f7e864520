/**
 * Name and password, where there are accounts, and the way to the provider of single sign-on, where there is one. Whatever was open stays at
 * its address and is there afterwards.
 */
import { IconLock } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { api } from "../api.ts";
import { Logo } from "../frame/logo.tsx";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { ThemeButton } from "../frame/top-bar.tsx";
import { leaveFor, takeReturned } from "../returned.ts";

interface SignInPageProps {
  readonly why: string;
  /** What the button of single sign-on says after "Sign in with"; undefined: there is none. */
  readonly signOn: string | undefined;
}

/** What one way in refused: it is told beside its button. */
interface Wrong {
  readonly way: "provider" | "password";
  readonly words: string;
}

export function SignInPage({ why, signOn }: SignInPageProps) {
  const client = useQueryClient();
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const [returning, setReturning] = useState(false);
  const provider = useRef<HTMLButtonElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const problem = useId();
  useEffect(() => {
    document.title = "Sign in · Auscult";
    (provider.current ?? name.current)?.focus();
  }, []);

  /** Each way in: what it refuses is told in place. */
  const comingIn = async (way: Wrong["way"], work: () => Promise<void>) => {
    setBusy(true);
    setWrong(null);
    try {
      await work();
      return true;
    } catch (error) {
      setWrong({ way, words: error instanceof Error ? error.message : String(error) });
      setBusy(false);
      return false;
    }
  };
  const isIn = async () => {
    // What somebody else saw here is not for whoever comes now.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    await client.resetQueries({ queryKey: ["session"] });
  };
  const signIn = async () => {
    if (busy) return;
    const came = await comingIn("password", async () => {
      await api.signIn(name.current?.value ?? "", password.current?.value ?? "");
      await isIn();
    });
    if (came) return;
    password.current?.select();
    password.current?.focus();
  };
  const leave = async () => {
    if (busy) return;
    await comingIn("provider", async () => leaveFor((await api.signOn()).address));
    // Whoever comes back by the browser's own arrow finds the page as it was left.
    setBusy(false);
  };
  const comeBack = useEffectEvent(async (answer: string) => {
    setReturning(true);
    await comingIn("provider", async () => {
      await api.signOnAnswer(answer);
      await isIn();
    });
    setReturning(false);
  });
  useEffect(() => {
    const answer = takeReturned();
    if (answer !== null) void comeBack(answer);
  }, []);
  const told = wrong !== null && (
    <p id={problem} role="alert" className="form-wrong">
      {wrong.words}
    </p>
  );
  return (
    <main className="opening">
      <header className="opening-brand">
        <Logo size={38} />
        Auscult
        <span className="opening-lock">
          <IconLock className="icon" size={16} stroke={1.6} aria-hidden="true" /> Nothing is shown to whoever is not signed in.
        </span>
        <ThemeButton />
      </header>
      <form
        className="sign-in"
        aria-labelledby="sign-in-title"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <h1 id="sign-in-title" className="opening-title">
          Sign in
        </h1>
        <p className="opening-lead" role="status">
          {returning ? "Signing in: the provider’s answer is looked at …" : why}
        </p>
        {signOn !== undefined && (
          <>
            <button
              ref={provider}
              type="button"
              className="button primary"
              aria-disabled={busy}
              aria-describedby={wrong?.way === "provider" ? problem : undefined}
              onClick={() => void leave()}
            >
              Sign in with {signOn}
            </button>
            {wrong?.way === "provider" && told}
            <p className="sign-in-or second">or with a local account:</p>
          </>
        )}
        <label>
          Name
          <input
            ref={name}
            className="field"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            required
          />
        </label>
        <label>
          Password
          <input
            ref={password}
            className="field"
            type="password"
            name="password"
            autoComplete="current-password"
            maxLength={256}
            required
            aria-describedby={wrong?.way === "password" ? problem : undefined}
          />
        </label>
        {wrong?.way === "password" && told}
        <button type="submit" className={signOn === undefined ? "button primary" : "button"} aria-disabled={busy}>
          Sign in
        </button>
        <p className="second">
          {signOn === undefined ? "Accounts" : "Local accounts, for the day the provider is down,"} are made at a terminal of the computer
          Auscult runs on, and a forgotten password is set anew there: auscult account.
        </p>
      </form>
      <NotAnAlarm />
    </main>
  );
}
