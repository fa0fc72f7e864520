/**
 * Calls by which one Windows machine makes another do something, worth saying at once. Each is ordinary where administrators work: who calls
 * decides. Numbers stand in section 3.1.4 of the Microsoft protocol named behind the interface; they cross in the clear also where what they
 * carry does not.
 */
import { find } from "../../bytes/find.ts";
import { Reader } from "../../bytes/reader.ts";
import type { Notable } from "../../model/notable.ts";

/** `stub`: what is there of what the call carries; empty where that is sealed. */
export function notableCall(uuid: string, number: number, stub: Uint8Array): Notable | null {
  const called = CALLS[uuid]?.[number];
  if (called !== undefined) return called;
  if (uuid === NETLOGON && AUTHENTICATE.has(number)) return provesNothing(stub) ? "emptyProof" : null;
  if (uuid === REGISTRY && number === OPEN_KEY) return find(stub, SECRETS) >= 0 ? "secretsRead" : null;
  if (uuid === SERVER && PATHS.has(number)) return find(stub, UP_AND_UP) >= 0 ? "overlongCall" : null;
  return OVERRUN.has(`${uuid} ${number}`) && find(stub, NOTHING_DONE) >= 0 ? "overlongCall" : null;
}

const NETLOGON = "12345678-1234-abcd-ef00-01234567cffb";
const REGISTRY = "338cd001-2244-31f1-aaaa-900038001003";
const SERVER = "4b324fc8-1670-01d3-1278-5a47bf6ee188";

const FILE_ENCRYPTION = {
  0: "forcedLogin", 4: "forcedLogin", 5: "forcedLogin", 6: "forcedLogin", 7: "forcedLogin", 12: "forcedLogin", 13: "forcedLogin",
} as const; // prettier-ignore

const CALLS: Readonly<Record<string, Readonly<Record<number, Notable>>>> = {
  // MS-SCMR: RCreateServiceW, A, and their forms for 32-bit callers.
  "367abb81-9844-35f1-ad32-98f038001003": {
    12: "serviceCreated",
    24: "serviceCreated",
    44: "serviceCreated",
    45: "serviceCreated",
    60: "serviceCreated",
  },
  // MS-WMI, IWbemServices: ExecMethod, ExecMethodAsync.
  "9556dc99-828c-11cf-a37e-00aa003240c7": { 24: "methodExecuted", 25: "methodExecuted" },
  // MS-TSCH: NetrJobAdd of ATSvc; SchRpcRegisterTask, SchRpcRun of ITaskSchedulerService.
  "1ff70682-0a51-30e8-076d-740be8cee98b": { 0: "taskRegistered" },
  "86d35949-83c9-4044-b424-db363231fd0c": { 1: "taskRegistered", 12: "taskRegistered" },
  // MS-RPRN: RpcAddPrinterDriver, RpcAddPrinterDriverEx, RpcRemoteFindFirstPrinterChangeNotification and its Ex; MS-PAR: RpcAsyncAddPrinterDriver.
  "12345678-1234-abcd-ef00-0123456789ab": { 9: "driverAdded", 89: "driverAdded", 62: "printerWatched", 65: "printerWatched" },
  "76f03f96-cdfd-44fc-a22c-64950a001209": { 39: "driverAdded" },
  // MS-RRP: BaseRegSaveKey, BaseRegSaveKeyEx: a part of the registry goes to a file, to be fetched.
  [REGISTRY]: { 20: "secretsRead", 31: "secretsRead" },
  // MS-DRSR, drsuapi: IDL_DRSGetNCChanges.
  "e3514235-4b06-11d1-ab04-00c04fc2dcd2": { 3: "directoryReplicated" },
  // MS-EFSR: calls that open a file by a path, which may lead anywhere; both its interfaces.
  "c681d488-d850-11d0-8c52-00c04fd90f7e": FILE_ENCRYPTION,
  "df1941c5-fe89-4e79-bf10-463657acf44d": FILE_ENCRYPTION,
  // MS-DFSNM: NetrDfsAddStdRoot, NetrDfsRemoveStdRoot. MS-FSRVP: IsPathSupported, IsPathShadowCopied.
  "4fc742e0-4a10-11cf-8273-00aa004ae673": { 12: "forcedLogin", 13: "forcedLogin" },
  "a8e0653c-2744-4389-a61d-7373df8b2292": { 8: "forcedLogin", 9: "forcedLogin" },
  // MS-SRVS: NetrShareEnum, NetrShareEnumSticky.
  [SERVER]: { 15: "sharesListed", 36: "sharesListed" },
};

/** MS-NRPC: NetrServerAuthenticate2, NetrServerAuthenticate3. */
const AUTHENTICATE = new Set([15, 26]);

/**
 * Section 3.5.4.4.2: a server's name, an account, a kind in two bytes, a computer, then eight bytes of proof. Of a true one all are zero once
 * in 2^64; a server that takes them is open to anyone (CVE-2020-1472).
 */
function provesNothing(stub: Uint8Array): boolean {
  const reader = new Reader(stub);
  if (reader.u32le() !== 0) skipText(reader);
  skipText(reader);
  reader.skip(2);
  align(reader);
  skipText(reader);
  const proof = reader.take(PROOF_BYTES);
  return !reader.overrun && proof.every((byte) => byte === 0);
}
const PROOF_BYTES = 8;

/** C706 section 14.3.4.2: the most there may be, from where on, how many there are, and they, of two bytes. What follows is aligned by itself. */
function skipText(reader: Reader): void {
  align(reader);
  reader.skip(8);
  reader.skip(reader.u32le() * 2);
}

function align(reader: Reader): void {
  reader.skip(Math.min(-reader.offset & 3, reader.remaining));
}

/** MS-RRP, BaseRegOpenKey: of the four parts of the key that local passwords are sealed with, the first that is read. No program of Windows reads it from afar. */
const OPEN_KEY = 15;
const SECRETS = wide("\\Control\\Lsa\\JD");

/** MS-SRVS: NetprPathCanonicalize and NetprPathCompare, with a path that climbs twice: MS08-067, by which Conficker spread. */
const PATHS = new Set([31, 32]);
const UP_AND_UP = wide("\\..\\..");

/** Activation of an object (MS03-026, Blaster) and DsRolerUpgradeDownlevelServer (MS04-011, Sasser) with instructions in place of a name. */
const OVERRUN = new Set([
  "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57 0",
  "000001a0-0000-0000-c000-000000000046 4",
  "3919286a-b10c-11d0-9ba8-00c04fd92ef5 9",
]);
/** Intel's instruction that does nothing, as a slide into what follows. */
const NOTHING_DONE = "\x90".repeat(16);

function wide(text: string): string {
  return Buffer.from(text, "utf16le").toString("latin1");
}
