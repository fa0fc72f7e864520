/** Frame to packet: what a mirror port wraps around a frame is taken off, and the innermost layer is what counts. */
export { Decoder } from "./decoder.ts";
