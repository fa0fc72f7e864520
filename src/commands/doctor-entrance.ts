/** What `auscult doctor` says of the way into the pages: accounts and their audit log, the certificate. */
import { WrongSettings, type Settings } from "../config.ts";
import { existingAccountsIn } from "../link/accounts.ts";
import { signOnIn } from "../link/sign-on/settings.ts";
import { tlsOf } from "../link/tls.ts";
import { UnusableAccounts } from "../model/account.ts";
import type { Finding } from "./doctor.ts";
import { plural, time } from "./terminal.ts";

/** Time enough to ask for a new one. */
const CERTIFICATE_MS_MIN = 30 * 86_400_000;

export function entrance(data: string, settings: Settings): readonly Finding[] {
  return [...accounts(data), ...certificate(data, settings), ...signOn(data, settings)];
}

/** Nobody is asked anything: that is `--sign-on`. */
function signOn(data: string, settings: Settings): readonly Finding[] {
  const about = "Single sign-on";
  try {
    const set = signOnIn(settings);
    if (set === null) return [];
    const kept = existingAccountsIn(data);
    const hasOwn = kept?.hasOwn === true;
    kept?.close();
    if (!hasOwn)
      return [
        {
          about,
          state: "wrong",
          words: "no local account is there for the day the provider is down",
          cure: ["auscult account add NAME --role ROLE"],
        },
      ];
    const words = `${set.provider.issuer}, ${plural(set.roles.length, "group")} with a role; not asked just now`;
    return [{ about, state: "ok", words, cure: ["auscult doctor --sign-on"] }];
  } catch (error) {
    if (!(error instanceof WrongSettings) && !(error instanceof UnusableAccounts)) throw error;
    return [{ about, state: "wrong", words: error.message }];
  }
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
