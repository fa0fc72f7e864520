/**
 * One line of CSV (RFC 4180). A field that a spreadsheet would run as a formula gets an apostrophe in front: a device chooses its own
 * name, and `=HYPERLINK(...)` is a name it may choose (OWASP, CSV injection). Some trim spaces first, and some take the wide signs too.
 */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(field).join(",")}\r\n`;
}

function field(text: string): string {
  const harmless = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
