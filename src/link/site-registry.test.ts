import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { update } from "../commands/update.ts";
import { loadPrefixes, ourRegistry } from "../knowledge/prefixes.ts";
import { registeredIn, registryFile, rowsOf, siteRegistry, siteRegistryStamp, type Registered } from "../knowledge/registry.ts";
import { publishedAt, publishedIn, PUBLISHED } from "./published-registry.ts";
import { formerRegistry, installRegistry, siteRegistryIn, startWithSiteRegistry } from "./site-registry.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-registry-"));
after(() => rmSync(folder, { recursive: true }));

let made = 0;
function newFolder(): string {
  const path = join(folder, String(++made));
  mkdirSync(path);
  return path;
}

/** Without the unseen characters some names were published with, which a newer list is cleaned of. */
const ours = rowsOf(ourRegistry()).filter(([, name]) => /^[\x20-\x7e]*$/.test(name));
/** deadbe is nobody's, and locally administered besides: nobody will have it. */
const NEW: Registered = ["deadbe", 'Acme "Drip", Ltd.'];
const SIZES = [6, 7, 9];

/** As the IEEE writes them: RFC 4180, with an address behind. */
function publish(rows: readonly Registered[]): string {
  const where = newFolder();
  for (const [place, name] of PUBLISHED.entries()) {
    const own = rows.filter(([prefix]) => prefix.length === SIZES[place]);
    const lines = own.map(([prefix, who]) => `MA,${prefix.toUpperCase()},"${who.replaceAll('"', '""')}","1 Some Street,\n Town"`);
    writeFileSync(join(where, name), ["Registry,Assignment,Organization Name,Organization Address", ...lines, ""].join("\r\n"));
  }
  return where;
}

/** Nothing but the registry is there. */
const sources = (base: string) => ({
  registry: base,
  exploited: base,
  likelihood: base,
  support: base,
  advisories: base,
  severities: `${base}/nvd`,
  recalls: `${base}/fda/`,
  restMs: 0,
});

const makerOf = (file: Uint8Array) => loadPrefixes(file).registrant(0xdead, 0xbe00_0001);

test("a registry is the rows it was made of, whole or not one", () => {
  assert.ok(ours.length > 50_000);
  assert.deepEqual(Buffer.from(registryFile(rowsOf(ourRegistry()).toReversed())), Buffer.from(ourRegistry()));
  assert.deepEqual(rowsOf(registryFile(ours)), ours);
  assert.equal(registeredIn(registryFile(ours)), ours.length);
  for (const bytes of [new Uint8Array(), new Uint8Array(100), ourRegistry().subarray(0, 200), ourRegistry().subarray(1)])
    assert.equal(registeredIn(bytes), null);
});

test("a newer one serves from the next start on, and the one before comes back", () => {
  const data = newFolder();
  assert.equal(startWithSiteRegistry(data), null);
  assert.equal(siteRegistryStamp(), "");
  assert.throws(() => formerRegistry(data), /expected a newer registry in .*, got none: ours serves/);

  installRegistry(data, ours);
  const renamed = ours.map(([prefix, name]): Registered => [prefix, prefix === "0009fb" ? "Another" : name]);
  assert.deepEqual(installRegistry(data, publishedIn(publish([...renamed, NEW]))), {
    prefixes: ours.length + 1,
    added: 1,
    renamed: 1,
    gone: 0,
  });
  assert.equal(startWithSiteRegistry(data)!.prefixes, ours.length + 1);
  assert.equal(makerOf(siteRegistry()!), 'Acme "Drip", Ltd.');
  assert.equal(makerOf(ourRegistry()), null);
  const stamp = siteRegistryStamp();

  assert.equal(installRegistry(data, ours).gone, 1);
  startWithSiteRegistry(data);
  assert.equal(makerOf(siteRegistry()!), null);
  assert.notEqual(siteRegistryStamp(), stamp);
  assert.equal(formerRegistry(data), "the one before");
  startWithSiteRegistry(data);
  assert.equal(siteRegistryStamp(), stamp);
  // Only the one before is kept: what follows is ours.
  assert.equal(formerRegistry(data), "ours");
  assert.equal(startWithSiteRegistry(data), null);
  assert.equal(siteRegistry(), null);
});

test("a list that lost much is cut short: nothing is replaced", () => {
  const data = newFolder();
  assert.throws(() => installRegistry(data, ours.slice(0, 40_000)), /expected at least 51\d\d\d prefixes, since there are 53\d\d\d now, got 40000/); // prettier-ignore
  assert.equal(siteRegistryIn(data), null);
});

test("one that was damaged since is told of, and ours serves", () => {
  const data = newFolder();
  installRegistry(data, [...ours, NEW]);
  const { file } = siteRegistryIn(data)!;
  writeFileSync(file, readFileSync(file).subarray(0, 1_000_000));
  assert.equal(startWithSiteRegistry(data)!.prefixes, null);
  assert.equal(siteRegistry(), null);
});

test("what is no list of the IEEE's is refused with its place", () => {
  const where = publish([NEW]);
  const broken = (name: string, text: string, words: RegExp) => {
    const whole = readFileSync(join(where, name), "utf8");
    writeFileSync(join(where, name), text);
    assert.throws(() => publishedIn(where), words);
    writeFileSync(join(where, name), whole);
  };
  broken("oui.csv", "<html>", /oui\.csv: 1: expected the columns Registry, Assignment, Organization Name, got <html>/);
  broken("mam.csv", "", /mam\.csv: 1: expected the columns .*, got nothing/);
  broken(
    "oui36.csv",
    "Registry,Assignment,Organization Name\nMA-S,70B3D5,Acme\nMA-S,xyz,Acme\n",
    /oui36\.csv: 3: expected 6, 7 or 9 hex digits, got "xyz"/,
  );
  broken(
    "oui.csv",
    'Registry,Assignment,Organization Name\nMA-L,"00',
    /oui\.csv: expected a quote at the end of what begins with one in line 2/,
  );
  rmSync(join(where, "mam.csv"));
  assert.throws(() => publishedIn(where), /mam\.csv: expected a file of the IEEE's, got no such file or folder/);
});

test("it is asked of the publisher as it publishes it; without an answer the way round is said", async () => {
  const where = publish([...ours, NEW]);
  const places: Record<string, string> = { "/oui/oui.csv": "oui.csv", "/oui28/mam.csv": "mam.csv", "/oui36/oui36.csv": "oui36.csv" };
  const server = createServer((request, response) => {
    const name = places[request.url ?? ""];
    response.writeHead(name === undefined ? 404 : 200).end(name === undefined ? "" : readFileSync(join(where, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const data = newFolder();
  await assert.rejects(update({ data }, sources(base)), /6 sources not read/);
  assert.equal(siteRegistryIn(data)!.prefixes, ours.length + 1);
  delete places["/oui36/oui36.csv"];
  await assert.rejects(publishedAt(base), /oui36\/oui36\.csv: expected the list, got 404 Not Found/);
  server.close();
  server.closeAllConnections();
  await assert.rejects(
    update({ data }, sources(base)),
    /7 sources not read\. Where there is no way to it, .* auscult update --from FOLDER/,
  );
  assert.equal(siteRegistryIn(data)!.prefixes, ours.length + 1);
});
