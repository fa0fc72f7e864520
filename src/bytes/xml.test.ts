import assert from "node:assert/strict";
import { test } from "node:test";
import { elements, textOf } from "./xml.ts";

test("elements are found by their local name, whatever their prefix; longer names are others", () => {
  assert.deepEqual(elements("<a:It>1</a:It><It x='2'>2</It><Item>3</Item><It/>", "It", 8), ["1", "2"]);
  assert.deepEqual(elements("<It>1</It><It>2</It>", "It", 1), ["1"]);
  assert.equal(textOf("<p:Name xml:lang='en'>Pump 7</p:Name>", "Name"), "Pump 7");
  assert.equal(textOf("<Name><b>x</b></Name>", "Name"), "");
  assert.equal(textOf("", "Name"), "");
});

test("one that is cut gives what it had", () => {
  assert.deepEqual(elements("<It>12", "It", 8), ["12"]);
  assert.deepEqual(elements("<It x='", "It", 8), []);
});
