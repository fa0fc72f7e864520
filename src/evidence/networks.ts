/** What networks are for and where they are, as the network's own people list them. */
import { ipOf } from "./addresses.ts";
import { listForm } from "./list-form.ts";

export const networks = listForm({
  title: "list of networks (CSV: network, name, location)",
  source: "subnet list",
  made: "any table with these headings",
  columns: {
    network: ["network", "subnet", "prefix", "cidr"],
    name: ["name", "description", "ward", "purpose"],
    place: ["location", "place", "building", "site"],
  },
  needs: ["network"],
  entry({ network: text, name, place }) {
    const [address = "", length = ""] = text.split("/");
    const ip = ipOf(address);
    const bits = ip?.includes(":") ? 128 : 32;
    if (ip === null || !/^\d{1,3}$/.test(length) || Number(length) > bits || Number(length) === 0)
      return { expected: `a network like 10.20.0.0/16, got "${text}"` };
    const words = [...new Set([name, place])].filter((it) => it !== "").join(", ");
    return words === "" ? null : { kind: "network", network: `${ip}/${Number(length)}`, place: words };
  },
});
