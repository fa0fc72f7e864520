/** What the services asked for and granted make of both ends: PS3.4, the classes listed in PS3.6 annex A. */

/** The client is the user of each class it asks for, but for those it offers to be the server of. */
export function clientRoles(sopClasses: ReadonlySet<string>, retrieved: ReadonlySet<string>): ReadonlySet<string> {
  const services = servicesOf(sopClasses, retrieved);
  // An echo asked for along with other services says nothing; alone it is somebody trying the line.
  return new Set(services.size === 1 && services.has("echo") ? ["echo client"] : rolesOf(services, CLIENT));
}

export function serverRoles(granted: ReadonlySet<string>, retrieved: ReadonlySet<string>): ReadonlySet<string> {
  return rolesOf(servicesOf(granted, retrieved), SERVER);
}

type Service = "echo" | "storage" | "query" | "move" | "get" | "worklist" | "procedureStep" | "commitment" | "print";

const CLIENT: Partial<Record<Service, string>> = {
  storage: "storage sender",
  query: "query client",
  move: "retrieve client",
  get: "retrieve client",
  worklist: "worklist client",
  procedureStep: "procedure step client",
  commitment: "commitment client",
  print: "print client",
};

/** Whoever answers queries for images, or sends them on request, keeps them. */
const SERVER: Partial<Record<Service, string>> = {
  storage: "storage receiver",
  query: "archive",
  move: "archive",
  get: "archive",
  worklist: "worklist server",
  procedureStep: "procedure step server",
  commitment: "commitment server",
  print: "printer",
};

/** PS3.4 annexes B, C, F, H, J and K, by the beginning of their identifiers. The first that fits counts. */
const SERVICES: readonly (readonly [pattern: RegExp, service: Service])[] = [
  [/^1\.2\.840\.10008\.1\.1$/, "echo"],
  [/^1\.2\.840\.10008\.1\.20\.1$/, "commitment"],
  [/^1\.2\.840\.10008\.3\.1\.2\.3\.3$/, "procedureStep"],
  [/^1\.2\.840\.10008\.5\.1\.1\.(?:1|2|4|4\.1|9|14|15|16|18|23)$/, "print"],
  [/^1\.2\.840\.10008\.5\.1\.4\.31$/, "worklist"],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[123]\.1$/, "query"],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[1234]\.2$/, "move"],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[12345]\.3$/, "get"],
  // Protocol approval and inventories have their own services under the branch of the images.
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(?!20[01](?:\.|$))/, "storage"],
];

function servicesOf(sopClasses: ReadonlySet<string>, retrieved: ReadonlySet<string>): ReadonlySet<Service> {
  const services = new Set<Service>();
  for (const sopClass of sopClasses) {
    if (retrieved.has(sopClass)) continue;
    const service = SERVICES.find(([pattern]) => pattern.test(sopClass))?.[1];
    if (service !== undefined) services.add(service);
  }
  // Images that are fetched come over classes asked for beside; who does not say so by role may mean either.
  if (services.has("get") && retrieved.size === 0) services.delete("storage");
  return services;
}

function rolesOf(services: ReadonlySet<Service>, roles: Partial<Record<Service, string>>): ReadonlySet<string> {
  return new Set([...services].flatMap((service) => roles[service] ?? []));
}
