/** One's own password: the old one, the new one twice. Everything else that was signed in under the old one ends. */
import { Modal } from "@mantine/core";
import { useId, useState } from "react";
import { api } from "../api.ts";
import { say } from "../say.tsx";

export function PasswordSheet({ opened, close, who }: { readonly opened: boolean; readonly close: () => void; readonly who: string }) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={<strong>Change the password of {who}</strong>}
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
      transitionProps={{ duration: 0 }}
    >
      <PasswordForm who={who} close={close} />
    </Modal>
  );
}

function PasswordForm({ who, close }: { readonly who: string; readonly close: () => void }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const problem = useId();
  const change = async (form: HTMLFormElement) => {
    const typed = new FormData(form);
    const [current, next, again] = ["current", "next", "again"].map((name) => typed.get(name));
    if (typeof current !== "string" || typeof next !== "string") return;
    if (next !== again) return setWrong("The new password was typed in two ways. Type it once more.");
    try {
      await api.changePassword(current, next);
      say("The password is changed. Everywhere else you are signed out.");
      close();
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="password-form"
      onSubmit={(event) => {
        event.preventDefault();
        void change(event.currentTarget);
      }}
    >
      <input type="hidden" name="username" autoComplete="username" value={who} readOnly />
      <Field name="current" title="The password until now" complete="current-password" problem={wrong === null ? undefined : problem} />
      <Field name="next" title="The new password" complete="new-password" problem={wrong === null ? undefined : problem} />
      <Field name="again" title="The new password, once more" complete="new-password" problem={wrong === null ? undefined : problem} />
      <p className="second">At least 15 characters: some words in a row are easy to keep in mind.</p>
      {wrong !== null && (
        <p id={problem} role="alert" className="form-wrong">
          {wrong}
        </p>
      )}
      <button type="submit" className="button primary">
        Change it
      </button>
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly title: string;
  readonly complete: "current-password" | "new-password";
  readonly problem: string | undefined;
}

function Field({ name, title, complete, problem }: FieldProps) {
  return (
    <label>
      {title}
      <input className="field" type="password" name={name} autoComplete={complete} maxLength={256} required aria-describedby={problem} />
    </label>
  );
}
