/**
 * A statement as PostgreSQL takes it. Statements are written once, for both engines; what cannot be said alike is little, and is told by
 * fixed words: numbers of parameters, names with capitals, what SQLite does with the order of joins and with rows that are there already,
 * and that every key begins with the site, which statements do not know of. Functions SQLite has and PostgreSQL lacks: `functions.sql`.
 */

/** A text or a quoted name is left as it is. */
const TOKEN = /'(?:[^']|'')*'|"[^"]*"|\?\d*|[A-Za-z_]\w*/g;
const CAPITALS_WITHIN = /^[a-z]\w*[A-Z]/;
/** Columns whose texts are longer than an index takes: `schema.sql`. */
const LONG = /\b(?:value|words)\b/g;

export function inPostgres(sql: string): string {
  let parameters = 0;
  return worded(sql).replace(TOKEN, (token) => {
    if (token === "?") return `$${++parameters}`;
    if (token.startsWith("?")) return `$${token.slice(1)}`;
    return CAPITALS_WITHIN.test(token) ? `"${token}"` : token;
  });
}

function worded(sql: string): string {
  return sql
    .replace(/\bINSERT OR FAIL INTO\b/g, "INSERT INTO")
    .replace(/\bON CONFLICT \(([^)]*)\)/g, (_, key: string) => `ON CONFLICT (site, ${key.replace(LONG, "md5($&)")})`)
    .replace(/\bCROSS JOIN\b/g, "JOIN")
    .replace(/\bBEGIN IMMEDIATE\b/g, "BEGIN")
    .replace(/\bjson_group_array\((\w+)\)/g, "coalesce(json_agg($1), '[]')");
}
