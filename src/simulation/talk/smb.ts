/** A file server and its client agree on a session: MS-SMB2, with NTLM inside, in which both say their system (MS-NLMP section 2.2.1). */
import { bytes, latin, le16, le32 } from "../frames.ts";
import type { Line } from "../wire.ts";

export interface Party {
  readonly name: string;
  readonly domain: string;
  /** Major, minor, build; Samba answers with a build of 0. */
  readonly version: readonly [major: number, minor: number, build: number];
}

const Command = { negotiate: 0, sessionSetup: 1, logoff: 2, treeConnect: 3 } as const;
const Status = { fine: 0, moreNeeded: 0xc0000016 } as const;
const DIALECT = 0x0311;
const HEADER_BYTES = 64;

/** `dialect` is what the server chooses: 0x0210 is SMB 2.1, which Windows 7 speaks. */
export function session(client: Party, server: Party, id: Uint8Array, nonce: Uint8Array, dialect = DIALECT): readonly Line[] {
  const { negotiate, sessionSetup, logoff, treeConnect } = Command;
  const setup = (token: Uint8Array) =>
    bytes(le16(25), [0, 1], new Uint8Array(8), le16(HEADER_BYTES + 24), le16(token.length), new Uint8Array(8), token);
  const answer = (token: Uint8Array) => bytes(le16(9), le16(0), le16(HEADER_BYTES + 8), le16(token.length), token);
  const share = wide(`\\\\${server.name}\\IPC$`);
  return [
    ["client", message(negotiate, 0, Status.fine, "client", bytes(le16(36), le16(1), le16(1), new Uint8Array(30), le16(DIALECT)))],
    ["server", message(negotiate, 0, Status.fine, "server", bytes(le16(65), le16(1), le16(dialect), le16(0), id, new Uint8Array(41)))],
    ["client", message(sessionSetup, 1, Status.fine, "client", setup(offer(client)))],
    ["server", message(sessionSetup, 1, Status.moreNeeded, "server", answer(challenge(server, nonce)))],
    ["client", message(sessionSetup, 2, Status.fine, "client", setup(proof(client, nonce)))],
    ["server", message(sessionSetup, 2, Status.fine, "server", answer(new Uint8Array(0)))],
    ["client", message(treeConnect, 3, Status.fine, "client", bytes(le16(9), le16(0), le16(HEADER_BYTES + 8), le16(share.length), share))],
    ["server", message(treeConnect, 3, Status.fine, "server", bytes(le16(16), [2, 0], new Uint8Array(12)))],
    ["client", message(logoff, 4, Status.fine, "client", bytes(le16(4), le16(0)))],
    ["server", message(logoff, 4, Status.fine, "server", bytes(le16(4), le16(0)))],
  ];
}

/** Section 2.2.1, after the length that direct TCP puts before it. */
function message(command: number, number: number, status: number, by: "client" | "server", body: Uint8Array): Uint8Array {
  const header = bytes(
    [0xfe],
    latin("SMB"),
    le16(HEADER_BYTES),
    le16(1),
    le32(status),
    le16(command),
    le16(1),
    le32(by === "server" ? 1 : 0),
    le32(0),
    le32(number),
    new Uint8Array(36),
  );
  const length = header.length + body.length;
  return bytes([0, length >> 16, length >> 8, length], header, body);
}

// NTLM. A field is a length, a size and an offset; the text stands behind the fixed part.
const NEGOTIATE_FLAGS = 0xe2088297;
const CHALLENGE_FLAGS = 0xe2898215;
const REVISION = 15;

function offer({ version }: Party): Uint8Array {
  return bytes(latin("NTLMSSP\0"), le32(1), le32(NEGOTIATE_FLAGS), new Uint8Array(16), versionBytes(version));
}

function challenge({ name, domain, version }: Party, nonce: Uint8Array): Uint8Array {
  const target = wide(domain);
  const pair = (kind: number, content: Uint8Array) => bytes(le16(kind), le16(content.length), content);
  const about = bytes(pair(2, target), pair(1, wide(name)), pair(0, new Uint8Array(0)));
  return bytes(
    latin("NTLMSSP\0"),
    le32(2),
    field(target.length, 56),
    le32(CHALLENGE_FLAGS),
    nonce.subarray(0, 8),
    new Uint8Array(8),
    field(about.length, 56 + target.length),
    versionBytes(version),
    target,
    about,
  );
}

/** The user is the machine's own account; the proofs are drawn, and prove nothing. */
function proof({ name, domain, version }: Party, nonce: Uint8Array): Uint8Array {
  const texts = [wide(domain), wide(`${name}$`), wide(name)];
  const proofs = [nonce.subarray(0, 24), bytes(nonce, nonce)];
  let offset = 88;
  const [domainField, userField, workstationField, oldField, newField] = [...texts, ...proofs].map(({ length }) => {
    const placed = field(length, offset);
    offset += length;
    return placed;
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return bytes(
    latin("NTLMSSP\0"),
    le32(3),
    oldField,
    newField,
    domainField,
    userField,
    workstationField,
    field(0, offset),
    le32(NEGOTIATE_FLAGS),
    versionBytes(version),
    new Uint8Array(16),
    ...texts,
    ...proofs,
  );
}

function field(length: number, offset: number): Uint8Array {
  return bytes(le16(length), le16(length), le32(offset));
}

function versionBytes([major, minor, build]: Party["version"]): Uint8Array {
  return bytes([major, minor], le16(build), [0, 0, 0, REVISION]);
}

function wide(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "utf16le"));
}
