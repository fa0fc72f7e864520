/** Takes the token out of the printed address before anything reads it: it became a cookie, and belongs in no bookmark or screenshot. */
const here = new URL(location.href);
if (here.searchParams.has("token")) {
  here.searchParams.delete("token");
  history.replaceState(history.state, "", here);
}
