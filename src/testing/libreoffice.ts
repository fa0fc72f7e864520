/** The real LibreOffice without a window, with a profile of its own, for tables that a person would open, change and save. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const CONVERT_MS = 180_000;

/** Separator, quote, encoding, first row, formats, language, quote all texts, take texts for dates and the like (import). */
const CSV = "csv:Text - txt - csv (StarCalc)";
const UTF8 = 76;
const UTF16 = 65_535;
const GERMAN = 1031;
const ENGLISH = 1033;
const options = (separator: string, encoding: number, language: number) =>
  `${separator.charCodeAt(0)},34,${encoding},1,,${language},false,true`;

/** What `table` comes back as, by the way it went. */
export class LibreOffice {
  readonly #folder = mkdtempSync(join(tmpdir(), "auscult-office-"));

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** As it opens and saves it unasked. */
  saved(table: string): Buffer {
    return readFileSync(this.#convert(this.#file("plain.csv", table), "csv", "plain"));
  }

  /** With everything taken for a number, a date or a time that may be one. */
  guessed(table: string, country: "English" | "German"): Buffer {
    const language = country === "German" ? GERMAN : ENGLISH;
    const to = `${CSV}:${options(country === "German" ? ";" : ",", UTF8, language)}`;
    return readFileSync(this.#convert(this.#file(`${country}.csv`, table), to, country, options(",", UTF8, language)));
  }

  /** Its UTF-8 opened as Windows-1252, saved as UTF-16. */
  mistaken(table: string): Buffer {
    return readFileSync(
      this.#convert(this.#file("mistaken.csv", table), `${CSV}:${options(";", UTF16, ENGLISH)}`, "mistaken", "44,34,1,1"),
    );
  }

  /** Kept as a spreadsheet in between: `ods`, `xlsx`. */
  kept(table: string, form: "ods" | "xlsx"): Buffer {
    const kept = this.#convert(this.#file("kept.csv", table), form, form);
    return readFileSync(this.#convert(kept, "csv", `${form}-again`));
  }

  /** Kept as a document in XML, with one cell's text changed in it. */
  edited(table: string, from: string, to: string): Buffer {
    const kept = this.#convert(this.#file("edited.csv", table), "fods", "fods");
    const document = readFileSync(kept, "utf8");
    if (document.split(`<text:p>${from}</text:p>`).length !== 2) throw new Error(`expected one cell with "${from}" in ${kept}`);
    writeFileSync(kept, document.replace(`<text:p>${from}</text:p>`, `<text:p>${to}</text:p>`));
    return readFileSync(this.#convert(kept, "csv", "fods-again"));
  }

  #file(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  #convert(file: string, to: string, into: string, opened?: string): string {
    const folder = join(this.#folder, into);
    const profile = `-env:UserInstallation=file://${join(this.#folder, "profile")}`;
    const reading = opened === undefined ? [] : [`--infilter=CSV:${opened}`];
    execFileSync("soffice", ["--headless", profile, ...reading, "--convert-to", to, "--outdir", folder, file], { timeout: CONVERT_MS, stdio: ["ignore", "ignore", "pipe"] }); // prettier-ignore
    return join(folder, basename(file).replace(/\.\w+$/, `.${to.split(":")[0]!}`));
  }
}
