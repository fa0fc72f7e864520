export { Doses } from "./doses.ts";
export { LIMIT_COLUMNS, limitRows, type LimitColumn, type LimitRow } from "./limits-file.ts";
