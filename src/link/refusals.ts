/** What the system or SQLite refused, in words that end "expected …, got". Their own name no file, or a call of the kernel. */
export function inWords(error: unknown): string {
  const { code = "", errcode = 0, message } = error as Error & { readonly code?: string; readonly errcode?: number };
  // SQLite's without its finer distinctions.
  return SYSTEM[code] ?? SQLITE[errcode & 0xff] ?? message;
}

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EEXIST: "a file of that name",
  EFBIG: "no room for a file so large",
  EIO: "an error of the disk",
  EISDIR: "a folder",
  EMFILE: "too many files open at once on this system: ulimit -n raises it",
  ENAMETOOLONG: "a name that is too long",
  ENOENT: "no such file or folder",
  ENOSPC: "a full disk",
  ENOTDIR: "no folder",
  EPERM: "no permission",
  EROFS: "a disk that takes nothing",
};

const SQLITE: Readonly<Record<number, string>> = {
  5: "one that another program holds",
  8: "a file that cannot be written",
  10: "an error of the disk",
  11: "a damaged file",
  13: "a full disk",
  14: "a file that cannot be opened",
  26: "a file that is no database",
};
