import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { kerberos } from "./kerberos.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));
const asked = (account: string) => hex`
  6a 3b 30 39                                       # AS-REQ
  a1 03 02 01 05   a2 03 02 01 0a                   # version 5, type 10
  a4 2d 30 2b
  a0 07 03 05 00 40810010
  a1 12 30 10 a0 03 02 01 01 a1 09 30 07 1b 05 ${text(account)}
  a2 0c 1b 0a ${text("CLINIC.LAN")}`;

test("a machine's account is its name, and its realm its domain", () => {
  const message = asked("WS42$");
  assert.equal(kerberos.recognize(message, "client"), true);
  assert.equal(kerberos.recognize(message, "server"), false);
  assert.deepEqual(notes(kerberos, message), ["operation: AS", "10.0.0.1 hostname: WS42", "10.0.0.1 domain: clinic.lan"]);
});

test("a person is nobody here", () => {
  assert.deepEqual(notes(kerberos, asked("annab")), ["operation: AS"]);
});

const refused = hex`
  7e 21 30 1f   a0 03 02 01 05   a1 03 02 01 1e
  a6 03 02 01 18                                    # proved wrongly
  a9 0e 1b 0c ${text("CLINIC.LOCAL")}`;

test("a refusal is told, and of which domain; over TCP with its length in front", () => {
  assert.deepEqual(notes(kerberos, refused, SERVER), ["login refused", "10.0.0.2 domain: clinic.local"]);
  const framed = hex`00000023 ${refused}`;
  assert.equal(kerberos.recognize(framed, "server"), true);
  assert.equal(kerberos.messageLength!(framed), framed.length);
  assert.deepEqual(notes(kerberos, framed, SERVER), ["login refused", "10.0.0.2 domain: clinic.local"]);
});

test("whose proof was wrong, or who is not known, is told apart; a demand for a proof is none", () => {
  const said = (code: string) => {
    const memory = kerberos.remember!();
    notes(kerberos, asked("annab"), { memory });
    const answer = refused.slice();
    answer[18] = Number.parseInt(code, 16);
    return notes(kerberos, answer, { ...SERVER, memory })[0];
  };
  assert.equal(said("18"), "login refused of annab/");
  assert.equal(said("12"), "login refused of annab/", "locked out");
  assert.equal(said("06"), "user refused of annab/");
  assert.equal(said("19"), "10.0.0.2 domain: clinic.local");
});

test("a ticket for a program's account that RC4 seals is told by its service; one for a machine, or with AES, is not", () => {
  const ticket = (service: string, kind: string) => {
    const names = der("30", hex`a0 03 02 01 02`, der("a1", der("30", der("1b", text(service)), der("1b", text("db1")))));
    const sealed = der("30", hex`a0 03 02 01 ${kind}`, hex`a2 03 04 01 00`);
    const inside = der("61", der("30", hex`a0 03 02 01 05`, hex`a1 03 1b 01 41`, der("a2", names), der("a3", sealed)));
    return der("6d", der("30", hex`a0 03 02 01 05`, hex`a1 03 02 01 0d`, hex`a3 03 1b 01 41`, der("a5", inside)));
  };
  assert.deepEqual(notes(kerberos, ticket("MSSQLSvc", "17"), SERVER), ["10.0.0.2 domain: a", "notable: guessableTicket mssqlsvc/db1"]);
  assert.deepEqual(notes(kerberos, ticket("MSSQLSvc", "12"), SERVER), ["10.0.0.2 domain: a"]);
  assert.deepEqual(notes(kerberos, ticket("cifs", "17"), SERVER), ["10.0.0.2 domain: a"]);
});
const der = (tag: string, ...parts: Uint8Array[]) => {
  const content = Buffer.concat(parts);
  return hex`${tag} ${content.length.toString(16).padStart(2, "0")} ${content}`;
};

test("a field that runs past the end is broken, what came before it counts", () => {
  assert.deepEqual(notes(kerberos, refused.subarray(0, 28), SERVER), ["login refused", "malformed: a field runs past the end"]);
});

test("LDAP, and another version, are not Kerberos", () => {
  assert.equal(kerberos.recognize(hex`30 0c 02 01 01 61 07 0a 01 00 04 00 04 00`, "server"), false);
  const other = asked("WS42$");
  other[8] = 4;
  assert.equal(kerberos.recognize(other, "client"), false);
});
