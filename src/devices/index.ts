/** Observations → evidence → devices: who is who, and what. Pure: the same rows give the same devices. */
export { describe } from "./describe.ts";
export { Division, Partition } from "./division.ts";
export { Identity, IDENTITY_ATTRIBUTES } from "./identity.ts";
