import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import { test } from "node:test";
import { makeCertificate } from "./certificate.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const NAMES = ["auscult.hospital.example", "localhost", "127.0.0.1", "2001:db8::7"];

test("what we write OpenSSL reads: names, addresses, times, use, and a signature that fits", () => {
  const { certificate, key } = makeCertificate(NAMES, NOW);
  const read = new X509Certificate(certificate);
  assert.equal(read.subject, "CN=Auscult on auscult.hospital.example");
  assert.equal(read.issuer, read.subject);
  assert.equal(read.subjectAltName, "DNS:auscult.hospital.example, DNS:localhost, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:7");
  assert.deepEqual([read.validFrom, read.validTo], ["Nov 27 11:00:00 2026 GMT", "Mar  1 12:00:00 2029 GMT"]);
  assert.deepEqual([read.ca, read.keyUsage], [false, ["1.3.6.1.5.5.7.3.1"]]);
  assert.equal(read.verify(read.publicKey), true);
  assert.equal(read.checkPrivateKey(createPrivateKey(key)), true);
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.checkIP("2001:db8::7"), "2001:db8::7");
  assert.equal(read.checkHost("evil.test"), undefined);
});

test("each is another, also after 2049 and with a name that is too long for its subject", () => {
  const long = `${"a".repeat(60)}.hospital.example`;
  const [one, other] = [makeCertificate([long], NOW), makeCertificate([long], Date.UTC(2051, 0, 1))].map(
    ({ certificate }) => new X509Certificate(certificate),
  );
  assert.notEqual(one!.serialNumber, other!.serialNumber);
  assert.match(other!.validFrom, /2050 GMT$/);
  assert.equal(other!.checkHost(long), long);
});

test("a client that knows it makes a connection, and one that does not know it makes none", async () => {
  const made = makeCertificate(NAMES, Date.now());
  const server = createServer({ cert: made.certificate, key: made.key }, (socket) => socket.end("heard"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const say = (ca: string | undefined) =>
    new Promise<string>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ...(ca === undefined ? {} : { ca }) });
      socket.on("data", (piece: Buffer) => resolve(piece.toString()));
      socket.on("error", (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    });
  assert.deepEqual([await say(made.certificate), await say(undefined)], ["heard", "DEPTH_ZERO_SELF_SIGNED_CERT"]);
  server.close();
});
