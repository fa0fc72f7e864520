/** By which way one comes to the page: what its address takes to be opened beyond this computer, and what the audit log is told of it. */
import { Door } from "../accounts/door.ts";
import { SignOn } from "../accounts/sign-on.ts";
import { isLoopback, type Settings } from "../config.ts";
import { accountsIn } from "../link/accounts.ts";
import { signOnIn } from "../link/sign-on/settings.ts";
import { tlsOf, type PageTls } from "../link/tls.ts";
import type { Accounts } from "../store/accounts.ts";
import { CommandError } from "./terminal.ts";

export interface Entrance {
  readonly door: Door;
  /** Null: the settings name no provider. */
  readonly signOn: SignOn | null;
  readonly tls: PageTls | null;
  /** Whether the token of the printed address may be the way in. */
  readonly isHere: boolean;
  /** The page is served at this address, without any token in it. */
  served(url: string, who: string): void;
  close(): void;
}

/** Refuses to leave this computer without accounts and TLS: the page knows every weakness of a hospital. */
export async function openEntrance(data: string, settings: Settings): Promise<Entrance> {
  const isHere = isLoopback(settings.host);
  const accounts = accountsIn(data);
  const tls = tlsOf(data, settings, Date.now());
  const missing = [
    ...(accounts.isEmpty ? ["account (auscult account add NAME --role ROLE)"] : []),
    ...(tls === null ? ["TLS (the setting tlsCertificate: made, or a file)"] : []),
  ];
  if (!isHere && missing.length > 0)
    throw new CommandError(`host ${settings.host} is beyond this computer: expected accounts and TLS, got no ${missing.join(" and no ")}`);
  const set = signOnIn(settings);
  if (set !== null && !accounts.hasOwn)
    throw new CommandError(
      "signOnIssuer: expected a local account as well, for the day the provider is down (auscult account add NAME --role ROLE), got none",
    );
  const door = new Door(accounts);
  return {
    door,
    // Loaded only here: whoever has no single sign-on never waits for it.
    signOn: set === null ? null : new SignOn(door, (await import("../link/sign-on/provider.ts")).openIdProvider(set.provider), set),
    tls,
    isHere,
    served: (url, who) => noteServed(accounts, settings, tls, url, who),
    close: () => accounts.close(),
  };
}

/** Settings that say who can come in, and what is not looked at. They are written when they are other than they were. */
function noteServed(accounts: Accounts, settings: Settings, tls: PageTls | null, url: string, who: string): void {
  const by = { at: Date.now() * 1_000, who, client: "terminal" };
  const { host, tlsCertificate, site, ownRanges, leftOut } = settings;
  const { signOnIssuer, signOnClient, signOnRoles } = settings;
  const signOn = signOnIssuer === "" ? {} : { signOnIssuer, signOnClient, signOnRoles };
  const about = JSON.stringify({ host, tlsCertificate, site, ownRanges, leftOut, ...signOn });
  if (accounts.lastOf("settings")?.about !== about) accounts.record({ ...by, what: "settings", about });
  const certified = tls === null ? "" : `, certificate SHA-256 ${tls.fingerprint}`;
  accounts.record({ ...by, what: "page served", about: `${url}${certified}; ${accounts.all().length} accounts` });
}
