/**
 * Back from the provider of single sign-on: what it put behind the address is taken out of it before anything reads it, and the address is
 * again that of the page where the button was pressed.
 */
const BACK = "/signed-in";
const BEFORE = "auscult-before-sign-on";

let answer: string | null = null;
if (location.pathname === BACK) {
  answer = location.search.slice(1) || null;
  const before = sessionStorage.getItem(BEFORE) ?? "/";
  sessionStorage.removeItem(BEFORE);
  // Another host it cannot be: that would be refused here with an exception, and only this page writes it.
  history.replaceState(null, "", before);
}

/** Null where the browser does not come from there; once. */
export function takeReturned(): string | null {
  const taken = answer;
  answer = null;
  return taken;
}

/** Leaves for the provider; what is open now is open again afterwards. */
export function leaveFor(address: string): void {
  sessionStorage.setItem(BEFORE, `${location.pathname}${location.search}${location.hash}`);
  location.assign(address);
}
