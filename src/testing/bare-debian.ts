/** A Debian 12 on which nothing was installed, in memory; made by debootstrap once and kept beside what Node keeps of ours. Needs root. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { findProgram } from "../link/sandbox.ts";

const KEPT = resolve(import.meta.dirname, "../../node_modules/.cache/auscult-bare-debian-12.tar");
/** It takes 210 MB; what is put into it comes on top. */
const SIZE = "2g";
const BOOTSTRAP_MS = 10 * 60_000;
/** The root it is started in becomes its own: in a chroot the kernel makes no namespaces of a user, which the sensor's confinement asks for. */
const INSIDE = `root=$1; shift
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
cd "$root"
pivot_root . mnt
umount -l /mnt
cd /
exec "$@"`;

/** What it takes and cannot be had, in words for a test that is skipped; false when all is there. Fetches Debian's packages the first time. */
export function bareDebianMissing(...more: readonly string[]): string | false {
  if (process.getuid?.() !== 0) return "expected root";
  const missing = ["debootstrap", "tar", "unshare", ...more].filter((program) => findProgram(program) === undefined);
  if (missing.length > 0) return `expected ${missing.join(", ")} to be installed`;
  try {
    if (!existsSync(KEPT)) inMemory(bootstrap);
    return false;
  } catch (error) {
    return `expected debootstrap to make a Debian 12 of this machine's mirror: ${(error as Error).message.trim().split("\n").at(-1)}`;
  }
}

export class BareDebian {
  readonly root: string;

  constructor() {
    this.root = mounted();
    execFileSync("tar", ["-xpf", KEPT, "-C", this.root, "--numeric-owner"]);
  }

  /** What starts a program in it, as root; of this machine it has the network, processes and devices. */
  get through(): readonly string[] {
    return ["unshare", "--mount", "--", "sh", "-ec", INSIDE, "-", this.root];
  }

  /** The same for somebody whom the machine knows nothing of, with an environment that holds nothing of ours. */
  throughAs(uid: number, home: string): readonly string[] {
    const nobody = ["setpriv", "--reuid", `${uid}`, "--regid", `${uid}`, "--clear-groups", "--"];
    return [...this.through, "env", "-i", "PATH=/usr/bin:/bin", `HOME=${home}`, ...nobody];
  }

  /** Its output; throws with what it complained of when it fails. */
  run(...line: readonly string[]): string {
    const [command, ...args] = [...this.through, "env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive"];
    return execFileSync(command, [...args, ...line], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  path(inside: string): string {
    return join(this.root, inside);
  }

  delete(): void {
    unmount(this.root);
  }
}

function mounted(): string {
  const root = mkdtempSync(join(tmpdir(), "auscult-bare-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE},mode=755`, "tmpfs", root]);
  return root;
}

function unmount(root: string): void {
  execFileSync("umount", ["--lazy", root]);
  rmSync(root, { recursive: true });
}

function inMemory(work: (root: string) => void): void {
  const root = mounted();
  try {
    work(root);
  } finally {
    unmount(root);
  }
}

/** Throws with what debootstrap complained of. */
function bootstrap(root: string): void {
  const sites = execFileSync("apt-get", ["indextargets", "--format", "$(SITE)", "Codename: bookworm"], { encoding: "utf8" });
  const [mirror = ""] = sites.split("\n");
  const made = spawnSync("debootstrap", ["--variant=minbase", "bookworm", root, mirror], { encoding: "utf8", timeout: BOOTSTRAP_MS });
  // Its last words stand where its progress does.
  if (made.status !== 0) throw new Error(made.error?.message ?? (made.stdout.trim() || made.stderr.trim() || "it said nothing"));
  mkdirSync(dirname(KEPT), { recursive: true });
  const fresh = `${KEPT}.${process.pid}`;
  execFileSync("tar", ["-cpf", fresh, "-C", root, "--numeric-owner", "."]);
  renameSync(fresh, KEPT);
}
