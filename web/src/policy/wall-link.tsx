/** What the network can do about something wrong with devices of a kind, with the policy that would do it, held against what was heard. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../api.ts";

/** `kind`: null where it is not known; then no policy can be learned for it. */
export function WallLink({ kind }: { readonly kind: string | null }) {
  const { data = [] } = useQuery({ queryKey: ["policies"], queryFn: ({ signal }) => api.policies(signal) });
  if (kind === null) return <Link to="/policy">Policies</Link>;
  const written = data.find(({ kinds }) => kinds.includes(kind.toLowerCase()));
  if (written === undefined)
    return (
      <Link to="/policy-draft" search={{ only: [kind] }}>
        A draft that does it for each {kind}, dry-run
      </Link>
    );
  return (
    <Link to="/policy/$name" params={{ name: written.name }} search={{ view: "verdicts" }}>
      Policy {written.name}, dry-run for each {kind}
    </Link>
  );
}
