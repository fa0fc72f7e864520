/** Workbooks (XLSX) made: a zip of XML, as small as readers take it. */
import { deflateRawSync } from "node:zlib";

/** One sheet of these rows; texts are shared, as spreadsheets write them. */
export function workbook(rows: readonly (readonly string[])[]): Buffer {
  const shared: string[] = [];
  const cells = rows.map(
    (row, at) =>
      `<row r="${at + 1}">${row.map((text, column) => (text === "" ? "" : `<c r="${String.fromCharCode(65 + column)}${at + 1}" t="s"><v>${shared.push(text) - 1}</v></c>`)).join("")}</row>`,
  );
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return zipOf({
    "[Content_Types].xml": "<Types/>",
    "xl/sharedStrings.xml": `<sst>${shared.map((it) => `<si><t>${escaped(it)}</t></si>`).join("")}</sst>`,
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${cells.join("")}</sheetData></worksheet>`,
  });
} // prettier-ignore

export function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(packed.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes]);
    const lengths = Buffer.from([name.length, 0, 0, 0]);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, lengths, Buffer.from(name), packed]);
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(at);
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), common, lengths, Buffer.alloc(10), offset, Buffer.from(name)]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006");
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}
