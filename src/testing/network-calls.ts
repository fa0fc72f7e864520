/** What a program and all it starts asked of the network, told by the kernel (strace(1), `-e trace=network`). */
import { isLoopback } from "../config.ts";

/** What starts a program and writes each such call of it to `log`. */
export function watchingNetwork(log: string): readonly string[] {
  return ["strace", "--follow-forks", "--seccomp-bpf", "--trace=network", "--output", log];
}

const ADDRESS = /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g;
const NAME_SERVER = "htons(53)";

/** Lines of the log in which an address beyond this computer stands, or a name server's port. */
export function beyondThisComputer(log: string): readonly string[] {
  return log.split("\n").filter((line) => {
    const addresses = Array.from(line.matchAll(ADDRESS), (it) => it[1] ?? it[2]!);
    return line.includes(NAME_SERVER) || addresses.some((address) => !isLoopback(address));
  });
}
