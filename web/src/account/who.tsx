/** Under whose name changes are written, always in view; behind it one's own password and the way out. */
import { Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import type { Now } from "../api.ts";
import { sayWrong } from "../say.tsx";
import { NameSheet } from "./name-sheet.tsx";
import { PasswordSheet } from "./password-sheet.tsx";

export function Who({ now }: { readonly now: Now }) {
  const client = useQueryClient();
  const [open, setOpen] = useState<"name" | "password" | null>(null);
  const close = () => setOpen(null);
  const { who, account } = now;
  const signOut = (out: () => Promise<void>) =>
    out()
      .then(() => client.refetchQueries({ queryKey: ["session"] }))
      .catch(sayWrong);
  return (
    <>
      <Menu position="bottom-end" returnFocus withInitialFocusPlaceholder={false} transitionProps={{ duration: 0 }} width={280} shadow="md">
        <Menu.Target>
          <button type="button" className="button plain top-bar-who" title="Changes are written under this name">
            {who}
            <IconChevronDown className="icon" size={14} stroke={1.8} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown aria-label={`Menu of ${who}`}>
          {account === null ? (
            <>
              <Menu.Label>Nobody signs in here, so no name is verified</Menu.Label>
              <Menu.Item onClick={() => setOpen("name")}>Say who you are</Menu.Item>
            </>
          ) : (
            <>
              <Menu.Label>
                {account.role}: may {now.rights.join(", ")}
              </Menu.Label>
              {account.hasPassword && <Menu.Item onClick={() => setOpen("password")}>Change the password</Menu.Item>}
              <Menu.Item onClick={() => void signOut(api.signOut)}>Sign out</Menu.Item>
              <Menu.Item onClick={() => void signOut(api.signOutEverywhere)}>Sign out everywhere</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <NameSheet opened={open === "name"} close={close} />
      <PasswordSheet opened={open === "password"} close={close} who={who} />
    </>
  );
}
