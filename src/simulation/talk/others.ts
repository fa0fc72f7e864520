/** How services of other kinds answer: of each as much as tells which it is, and in which version. Names and passwords are invented, and look it. */
import { bytes, latin, le16, le32, u16, u32 } from "../frames.ts";
import type { Line, Station, Wire } from "../wire.ts";

/** RFC 4253 section 4.2. What follows is hidden. */
export function shell(banner: string, random: Uint8Array): readonly Line[] {
  return [
    ["server", latin(`${banner}\r\n`)],
    ["client", latin("SSH-2.0-OpenSSH_9.9\r\n")],
    ["client", binaryPacket(random)],
    ["server", binaryPacket(random.toReversed())],
  ];
}

/** RFC 4253 section 6, with the number of a key exchange (20). */
function binaryPacket(random: Uint8Array): Uint8Array {
  return bytes(u32(random.length + 6), [4, 20], random, [0, 0, 0, 0]);
}

/** RFC 5321 section 3.1. */
export function mail(greeting: string): readonly Line[] {
  return [
    ["server", latin(`220 ${greeting}\r\n`)],
    ["client", latin("QUIT\r\n")],
    ["server", latin("221 closing connection\r\n")],
  ];
}

/** RFC 6143 section 7.1: version 3.8, and a proof by password. */
export function sharedScreen(random: Uint8Array): readonly Line[] {
  return [
    ["server", latin("RFB 003.008\n")],
    ["client", latin("RFB 003.008\n")],
    ["server", Uint8Array.of(1, 2)],
    ["client", Uint8Array.of(2)],
    ["server", random.subarray(0, 16)],
    ["client", random.subarray(16, 32)],
    ["server", u32(0)],
  ];
}

/** X Window System protocol, version 11, section 8: the first request, and that it was taken. */
export function windowSystem(): readonly Line[] {
  return [
    ["client", bytes(latin("l"), [0], le16(11), new Uint8Array(8))],
    ["server", bytes([1, 0], le16(11), le16(0), le16(8), new Uint8Array(32))],
  ];
}

/** RFC 5531 section 9 and RFC 1813: is NFS 3 there? It is. */
export function sharedFiles(number: number): readonly Line[] {
  const call = bytes(u32(number), u32(0), u32(2), u32(100_003), u32(3), u32(0), new Uint8Array(16));
  const reply = bytes(u32(number), u32(1), new Uint8Array(16));
  const record = (content: Uint8Array) => bytes(u32(0x8000_0000 + content.length), content);
  return [
    ["client", record(call)],
    ["server", record(reply)],
  ];
}

/** The greeting of MySQL's protocol, version 10. */
export function database(version: string): readonly Line[] {
  const proof = latin("abcdefgh");
  const greeting = bytes([10], latin(`${version}\0`), le32(7), proof, [0, 255, 255, 33, 2, 0, 255, 255, 21], new Uint8Array(10), latin("abcdefghijkl\0"), latin("mysql_native_password\0")); // prettier-ignore
  return [["server", bytes([greeting.length, 0, 0, 0], greeting)]];
}

/** OPC UA part 4, section 5.4.4, and part 6: a channel in the clear, over which a server tells the one way in that it offers. */
export function factoryWays(host: string, isSecured: boolean): readonly Line[] {
  const text = (words: string | null) => (words === null ? le32(0xffff_ffff) : bytes(le32(words.length), latin(words)));
  const message = (letters: string, content: Uint8Array) => bytes(latin(letters), le32(8 + content.length), content);
  const asked = (kind: number, content: Uint8Array) => message("MSGF", bytes(le32(1), le32(1), le32(2), le32(2), [1, 0], le16(kind), content)); // prettier-ignore
  const place = `opc.tcp://${host}:4840`;
  const sizes = bytes(le32(0), le32(65_536), le32(65_536), le32(0), le32(0));
  const requestHeader = bytes([0, 0], new Uint8Array(8), le32(1), le32(0), text(null), le32(1_000), [0, 0, 0]);
  const answerHeader = bytes(new Uint8Array(8), le32(1), le32(0), [0], text(null), [0, 0, 0]);
  const server = bytes(text("urn:washer"), text("urn:washer:product"), [2], text("Washer"), le32(0), text(null), text(null), le32(1), text(place)); // prettier-ignore
  const [mode, policy] = isSecured ? [3, "Basic256Sha256"] : [1, "None"];
  const way = bytes(text(place), server, text(null), le32(mode), text(`http://opcfoundation.org/UA/SecurityPolicy#${policy}`));
  const clear = bytes(text("http://opcfoundation.org/UA/SecurityPolicy#None"), text(null), text(null), le32(1), le32(1), [1, 0]);
  const channel = bytes(le32(0), le32(1), le32(1), new Uint8Array(8), le32(3_600_000), text(null));
  const proofs = bytes(le32(1), text("0"), le32(0), text(null), text(null), text(null));
  const transport = text("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary");
  return [
    ["client", message("HELF", bytes(sizes, text(place)))],
    ["server", message("ACKF", sizes)],
    ["client", message("OPNF", bytes(le32(0), clear, le16(446), requestHeader, le32(0), le32(0), le32(1), text(null), le32(3_600_000)))],
    ["server", message("OPNF", bytes(le32(1), clear, le16(449), answerHeader, channel))],
    ["client", asked(428, bytes(requestHeader, text(place), le32(0), le32(0)))],
    ["server", asked(431, bytes(answerHeader, le32(1), way, proofs, transport, [0]))],
  ];
}

/** MQTT 3.1.1, sections 3.1 and 3.2: who connects says a password. */
export function broker(client: string): readonly Line[] {
  const text = (words: string) => bytes(u16(words.length), latin(words));
  const connect = bytes(text("MQTT"), [4, 0xc2], u16(60), text(client), text("zztest"), text("zztest"));
  return [
    ["client", bytes([0x10, connect.length], connect)],
    ["server", Uint8Array.of(0x20, 2, 0, 0)],
  ];
}

/** MS-CIFS sections 2.2.4.52 and 2.2.4.53: both agree on NT LM 0.12, and the server says its system. */
export function oldShares(system: string, manager: string, random: Uint8Array): readonly Line[] {
  const zero = (text: string) => latin(`${text}\0`);
  const offered = bytes([2], zero("NT LM 0.12"));
  const chosen = bytes(le16(0), [3], le16(50), le16(1), le32(16_644), le32(65_536), le32(0), le32(0x0000_f3fd), new Uint8Array(8), le16(0), [8]); // prettier-ignore
  const setup = bytes([255, 0], le16(0), le16(16_644), le16(50), le16(1), le32(0), le16(24), le16(24), le32(0), le32(0xd4));
  const texts = bytes(zero("zztest"), zero("CLINIC"), zero("Windows 5.1"), zero("Windows 2000 5.1"));
  return [
    ["client", oldMessage(0x72, "client", new Uint8Array(0), offered)],
    ["server", oldMessage(0x72, "server", chosen, bytes(random.subarray(0, 8), zero("CLINIC")))],
    ["client", oldMessage(0x73, "client", setup, bytes(random.subarray(0, 48), texts))],
    ["server", oldMessage(0x73, "server", bytes([255, 0], le16(0), le16(0)), bytes(zero(system), zero(manager), zero("CLINIC")))],
  ];
}

function oldMessage(command: number, by: "client" | "server", words: Uint8Array, content: Uint8Array): Uint8Array {
  const header = bytes([0xff], latin("SMB"), [command], le32(0), [by === "server" ? 0x98 : 0x18], le16(0x0001), new Uint8Array(12), le16(0), le16(7), le16(0), le16(1)); // prettier-ignore
  const whole = bytes(header, [words.length / 2], words, le16(content.length), content);
  return bytes([0, 0], u16(whole.length), whole);
}

/** RFC 1350: a file is asked for, and given in one block from another port. */
export function fetchesFile(wire: Wire, at: number, client: Station, server: Station, file: string): void {
  const [port, other] = [wire.freePort(client), wire.freePort(server)];
  wire.datagram(at, client, server, port, TFTP_PORT, bytes(u16(1), latin(`${file}\0octet\0`)));
  wire.datagram(at + 2_000, server, client, other, port, bytes(u16(3), u16(1), latin("mode = clinical\n")));
  wire.datagram(at + 2_700, client, server, port, other, bytes(u16(4), u16(1)));
}
export const TFTP_PORT = 69;
