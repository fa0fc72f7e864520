/** Packets to flows, flows to whole messages and their protocol, and all of it to batches. */
export { Flows, type FlowsOptions } from "./flows.ts";
export type { Part } from "./batches.ts";
export type { DecoderCounts } from "./coverage.ts";
