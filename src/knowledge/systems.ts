/** Operating systems as a tree: `os.tsv`, and the versions of Windows in `windows.tsv`. */
import { table } from "./table.ts";

interface SystemNode {
  readonly name: string;
  /** "system" is weighed as the operating system, "release" as its version. */
  readonly level: "system" | "release";
}

export interface Systems {
  /** From the root down to the name itself. */
  pathOf(name: string): readonly SystemNode[];
  /** "6.1", "5.1.2600" or "10.0.17763" as a name; "" for what is no version of Windows. */
  windows(version: string): string;
}

export function loadSystems(): Systems {
  const rows = new Map<string, { readonly under: string; readonly level: SystemNode["level"] }>();
  const names = new Map<string, string>();
  for (const [name = "", under = "", level, also = ""] of table("os.tsv", 5)) {
    rows.set(name, { under, level: level as SystemNode["level"] });
    for (const spelling of [name, ...also.split("; ")]) if (spelling !== "") names.set(spelling.toLowerCase(), name);
  }
  const versions = new Map(table("windows.tsv", 3).map(([version = "", name = ""]) => [version, name]));
  const paths = new Map<string, readonly SystemNode[]>();

  function pathOf(text: string): readonly SystemNode[] {
    const known = paths.get(text);
    if (known !== undefined) return known;
    const name = names.get(text.toLowerCase()) ?? text;
    const row = rows.get(name);
    const { above, own } = row === undefined ? beginningOf(name) : { above: row.under, own: name };
    const path = [...(above === "" ? [] : pathOf(above)), { name: own, level: row?.level ?? (above === "" ? "system" : "release") }];
    if (paths.size < PATHS_MAX) paths.set(text, path);
    return path;
  }

  /** "Mac OS X 10.9" lies under macOS, and is macOS 10.9. */
  function beginningOf(name: string): { readonly above: string; readonly own: string } {
    const words = name.split(" ");
    for (let count = words.length - 1; count > 0; count--) {
      const above = names.get(words.slice(0, count).join(" ").toLowerCase());
      if (above !== undefined) return { above, own: [above, ...words.slice(count)].join(" ") };
    }
    return { above: "", own: name };
  }

  return {
    pathOf,
    windows(version) {
      const [major, minor, build] = version.split(".");
      return versions.get(`${major}.${minor}.${build}`) ?? versions.get(`${major}.${minor}`) ?? "";
    },
  };
}

/** A banner may claim any version; more different ones are no systems. */
const PATHS_MAX = 4096;
