import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeCertificate } from "../accounts/certificate.ts";
import { readSettings, WrongSettings } from "../config.ts";
import { tlsOf } from "./tls.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-tls-"));
after(() => rmSync(folder, { recursive: true }));
const NOW = Date.now();
const DAY = 86_400_000;

const tls = (environment: Record<string, string>, now = NOW) => tlsOf(folder, readSettings(folder, environment), now);
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("a made certificate is kept with its key, the owner's alone, until it is nearly over or lacks a name", () => {
  const made = tls({ AUSCULT_TLS_CERTIFICATE: "made" })!;
  assert.deepEqual(
    made.names,
    [hostname().toLowerCase(), "127.0.0.1", "localhost", "::1"].filter((it, at, all) => all.indexOf(it) === at),
  );
  assert.match(made.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  for (const name of readdirSync(join(folder, "tls"))) assert.equal(statSync(join(folder, "tls", name)).mode & 0o777, 0o600, name);
  const again = (environment: object, now?: number) => tls({ AUSCULT_TLS_CERTIFICATE: "made", ...environment }, now)!.fingerprint;
  assert.equal(again({}), made.fingerprint);
  const other = again({ AUSCULT_HOST: "10.20.0.5" });
  assert.notEqual(other, made.fingerprint);
  assert.equal(again({}), other, "one with more names will do");
  assert.notEqual(again({}, NOW + 800 * DAY), other);
  file("tls/key.pem", makeCertificate(["localhost"], NOW).key);
  assert.notEqual(again({}, NOW + 800 * DAY), other, "a key that is another's is no key");
});

test("a given certificate is read with its key, from one file or two; names that stand for many are this computer's", () => {
  const { certificate, key } = makeCertificate(["auscult.hospital.example", "*.clinic.example", "2001:db8::7"], NOW);
  const one = tls({ AUSCULT_TLS_CERTIFICATE: file("both.pem", certificate + key) })!;
  const two = tls({ AUSCULT_TLS_CERTIFICATE: file("certificate.pem", certificate), AUSCULT_TLS_KEY: file("key.pem", key) })!;
  assert.deepEqual(one.names, ["auscult.hospital.example", `${hostname().split(".")[0]!.toLowerCase()}.clinic.example`, "2001:db8::7"]);
  assert.deepEqual([one.isOurs, one.fingerprint === two.fingerprint], [false, true]);
  assert.equal(tls({}), null);
});

test("what is no certificate, or another's key, is refused in one line", () => {
  const { certificate, key } = makeCertificate(["localhost"], NOW);
  const given = { AUSCULT_TLS_CERTIFICATE: file("given.pem", certificate) };
  for (const [environment, words] of [
    [
      { AUSCULT_TLS_CERTIFICATE: join(folder, "nowhere.pem") },
      /^tlsCertificate: expected a file that can be read, got no such file or folder: /,
    ],
    [{ AUSCULT_TLS_CERTIFICATE: file("text.pem", "no certificate") }, /^tlsCertificate: expected a certificate as PEM, got trouble: /],
    [given, /^tlsKey: expected a private key as PEM without a passphrase, got trouble: /],
    [
      { ...given, AUSCULT_TLS_KEY: file("other.pem", makeCertificate(["a"], NOW).key) },
      /^tlsKey: expected the private key of tlsCertificate, got another$/,
    ],
    [{ AUSCULT_TLS_KEY: file("alone.pem", key) }, /^tlsCertificate: expected the certificate that tlsKey belongs to, got none$/],
  ] as const)
    assert.throws(
      () => tls(environment),
      (error) => error instanceof WrongSettings && words.test(error.message) && !error.message.includes("\n"),
    );
});
