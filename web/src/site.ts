/** Where these pages stand: those of one of many sites below an address of its own, the list of all sites at `/sites`, else at the root. */

/** In front of every address; "" where there is one site. */
export const BASE = /^\/sites\/[^/]+/.exec(location.pathname)?.[0] ?? "";
/** What all sites have in common is shown, and no page of one. */
export const IS_OF_ALL = /^\/sites\/?$/.test(location.pathname);
