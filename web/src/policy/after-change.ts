/** What the pages know of policies is asked anew once one was written, taken away or taken back. */
import type { QueryClient } from "@tanstack/react-query";

export async function afterChange(client: QueryClient): Promise<void> {
  await Promise.all(["policies", "policy", "policy history"].map((kind) => client.invalidateQueries({ queryKey: [kind] })));
}
