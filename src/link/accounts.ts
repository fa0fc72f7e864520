/** Where the accounts are: `accounts.db` in the data directory. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Accounts } from "../store/accounts.ts";
import { makeFolder } from "./folders.ts";

/** Made where there are none yet. */
export function accountsIn(data: string): Accounts {
  makeFolder(data);
  return new Accounts(fileIn(data));
}

/** Null where nobody ever had one, and no page was served. */
export function existingAccountsIn(data: string): Accounts | null {
  return existsSync(fileIn(data)) ? new Accounts(fileIn(data)) : null;
}

function fileIn(data: string): string {
  return join(data, "accounts.db");
}
