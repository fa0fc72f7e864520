/**
 * Names and passwords that come with devices, as OWASP's Web Security Testing Guide lists them (WSTG-ATHN-02, "Testing for Default
 * Credentials"): a usual name, with itself, nothing, or a usual word as its password. It is said that one was taken, never which.
 */
export function isDefaultCredential(user: string, password: string): boolean {
  const name = user.toLowerCase();
  return NAMES.has(name) && (password.toLowerCase() === name || PASSWORDS.has(password.toLowerCase()));
}

const NAMES = new Set("admin administrator root system guest operator super user service default supervisor".split(" "));
const PASSWORDS = new Set(["", ..."password pass admin root guest default 1234 12345 123456 pass123 password123 changeme".split(" ")]);
