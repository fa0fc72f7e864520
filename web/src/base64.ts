/** A file's bytes as they cross the wire in JSON; rejects with words for people where it cannot be read. */
export function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve((reader.result as string).split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(new Error(`${file.name} could not be read: ${reader.error?.message ?? ""}`)));
    reader.readAsDataURL(file);
  });
}
