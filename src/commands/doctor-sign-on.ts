/** What `auscult doctor --sign-on` says: the one time the provider of single sign-on is asked by this command. */
import { SignOnTrouble } from "../accounts/sign-on.ts";
import type { Settings } from "../config.ts";
import { openIdProvider } from "../link/sign-on/provider.ts";
import { signOnIn } from "../link/sign-on/settings.ts";
import type { Finding } from "./doctor.ts";

export async function signOnFindings(settings: Settings): Promise<readonly Finding[]> {
  const about = "Provider";
  const set = signOnIn(settings);
  if (set === null) return [{ about, state: "wrong", words: "no single sign-on is set up: the setting signOnIssuer names its provider" }];
  try {
    const { endpoints, lacks } = await openIdProvider(set.provider).described();
    const words = `its discovery document holds; it is asked at ${endpoints.join(", ")}`;
    if (lacks.length > 0) return [{ about, state: "note", words: `${words}; of what helps, it says nothing of ${lacks.join(", ")}` }];
    return [{ about, state: "ok", words }];
  } catch (error) {
    if (!(error instanceof SignOnTrouble)) throw error;
    return [{ about, state: "wrong", words: error.message }];
  }
}
