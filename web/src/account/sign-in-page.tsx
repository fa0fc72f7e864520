/** Name and password, where there are accounts. Whatever was open stays at its address and is there afterwards. */
import { IconLock } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { api } from "../api.ts";
import { Logo } from "../frame/logo.tsx";
import { NotAnAlarm } from "../frame/not-an-alarm.tsx";
import { ThemeButton } from "../frame/top-bar.tsx";

export function SignInPage({ why }: { readonly why: string }) {
  const client = useQueryClient();
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const problem = useId();
  useEffect(() => {
    document.title = "Sign in · Auscult";
    name.current?.focus();
  }, []);

  const signIn = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await api.signIn(name.current?.value ?? "", password.current?.value ?? "");
      // What somebody else saw here is not for whoever comes now.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      await client.resetQueries({ queryKey: ["session"] });
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
      password.current?.select();
      password.current?.focus();
      setBusy(false);
    }
  };
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
          {why}
        </p>
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
            aria-describedby={wrong === null ? undefined : problem}
          />
        </label>
        {wrong !== null && (
          <p id={problem} role="alert" className="form-wrong">
            {wrong}
          </p>
        )}
        <button type="submit" className="button primary" aria-disabled={busy}>
          Sign in
        </button>
        <p className="second">
          Accounts are made at a terminal of the computer Auscult runs on, and a forgotten password is set anew there: auscult account.
        </p>
      </form>
      <NotAnAlarm />
    </main>
  );
}
