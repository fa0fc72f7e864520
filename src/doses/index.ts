export { Doses, isComparable } from "./doses.ts";
