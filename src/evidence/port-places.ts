/** Where ports lead, as the network's own people list them: which outlet of which room. */
import { listForm } from "./list-form.ts";
import { portOf } from "./ports.ts";

export const portPlaces = listForm({
  title: "list of ports (CSV: switch, port, description)",
  source: "port list",
  made: "any table with these headings",
  columns: {
    switch: ["switch", "device", "switchname", "devicename"],
    port: ["port", "interface", "switchport"],
    place: ["description", "location", "room", "place", "outlet"],
  },
  needs: ["switch", "port", "place"],
  entry({ switch: device, port: text, place }) {
    const port = portOf(device, text);
    if (device === "" || text === "") return { expected: `a switch and a port, got "${device}" and "${text}"` };
    return place === "" || port === null ? null : { kind: "port", port, place };
  },
});
