/** The files of a drop, also those in dropped folders: a ring of captures lies in one. In the order of their names, which is mostly that of time. */

/** As many as the API opens at once. */
export const FILES_MAX = 1_000;

export async function filesOf(data: DataTransfer): Promise<readonly File[]> {
  // The browser forgets the list as soon as the event is over, so all of it is asked before the first wait.
  const items = [...data.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const files: File[] = [];
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await gather(entry, files);
    else if (file !== null) files.push(file);
  }
  return inOrder(files);
}

export function inOrder(files: readonly File[]): readonly File[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function gather(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (files.length > FILES_MAX) return;
  if (entry.isFile) {
    files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A folder is told in parts of a hundred, and an empty one ends it.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    for (const inner of part) await gather(inner, files);
  }
}
