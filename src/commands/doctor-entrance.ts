/** What `auscult doctor` says of the way into the pages: accounts and their audit log, the certificate. */
import { WrongSettings, type Settings } from "../config.ts";
import { existingAccountsIn } from "../link/accounts.ts";
import { tlsOf } from "../link/tls.ts";
import { UnusableAccounts } from "../model/account.ts";
import type { Finding } from "./doctor.ts";
import { plural, time } from "./terminal.ts";

/** Time enough to ask for a new one. */
const CERTIFICATE_MS_MIN = 30 * 86_400_000;

export function entrance(data: string, settings: Settings): readonly Finding[] {
  return [...accounts(data), ...certificate(data, settings)];
}

/** Nothing is said where no page was ever served. */
function accounts(data: string): readonly Finding[] {
  const about = "Accounts";
  try {
    const kept = existingAccountsIn(data);
    if (kept === null) return [];
    const [trouble, { length }] = [kept.trouble(), kept.all()];
    kept.close();
    if (trouble !== null)
      return [{ about, state: "wrong", words: `${trouble}; what stands before it holds`, cure: ["auscult account log"] }];
    const words = length === 0 ? "nobody has one, so the page stays on this computer" : plural(length, "account");
    return [{ about, state: "ok", words: `${words}; the audit log is chained without a break` }];
  } catch (error) {
    if (!(error instanceof UnusableAccounts)) throw error;
    return [{ about, state: "wrong", words: error.message }];
  }
}

/** Of one that we make, its end is ours to mind. */
function certificate(data: string, settings: Settings): readonly Finding[] {
  const about = "Certificate";
  if (settings.tlsCertificate === "" || settings.tlsCertificate === "made") return [];
  try {
    const now = Date.now();
    const { until } = tlsOf(data, settings, now)!;
    const end = time(until * 1_000);
    if (until < now) return [{ about, state: "wrong", words: `it ended ${end}: browsers refuse the page` }];
    return [{ about, state: until - now < CERTIFICATE_MS_MIN ? "note" : "ok", words: `holds until ${end}` }];
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    return [{ about, state: "wrong", words: error.message }];
  }
}
