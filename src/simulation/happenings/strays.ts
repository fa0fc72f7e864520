/** What somebody does once and never again: a page looked at out of curiosity, a wrong address typed. */
import { noise, SECOND, talk } from "../day.ts";
import type { Task } from "../hospital.ts";
import { secured } from "../talk/tls.ts";
import { BROWSER, page } from "../talk/web.ts";
import type { Happening } from "./index.ts";

const LOOKED_AT: readonly Task[] = ["printer", "camera", "nurseCall", "telephone", "pump", "monitor", "modality", "storage", "badgeReader"];
const PORTS = [80, 443, 8080, 8443] as const;
/** One in so many workstations, each day. */
const ONE_IN = 12;
const AFTER_US = 60 * SECOND;

export const strays: readonly Happening[] = [
  {
    name: "strays",
    sort: "stray",
    doc: "Now and then somebody looks at a page of a machine that is none of their business.",
    happens(day) {
      for (const it of day.all("workstation")) {
        if (day.random.below(ONE_IN) !== 0) continue;
        const all = day.all(LOOKED_AT[day.random.below(LOOKED_AT.length)]!) ?? [];
        const server = all[day.random.below(all.length)];
        const port = PORTS[day.random.below(PORTS.length)]!;
        if (server === undefined) continue;
        const at = Math.max(it.on, server.on) + AFTER_US;
        if (port % 1000 === 443) talk(day, at, it, server, port, "tls", secured(server.ip, noise(day, 64)));
        else talk(day, at, it, server, port, "http", page({ host: server.ip, agent: BROWSER, server: "embedded", body: "<html></html>" }));
      }
    },
  },
];
