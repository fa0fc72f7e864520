/** The list's page: seen, chosen, said, taken back; whole for axe by day and by night, and by keyboard. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { wardDevices } from "../../src/testing/ward.ts";
import { axe, noBrowser, open, tabTo, type Opened } from "./browser.ts";

/** Two are sure, one is another model than the one heard, one was never heard, one is the first again. */
function csv(): string {
  const [first, second, third] = wardDevices();
  const rows = [
    ["Inventarnummer", "MAC", "Hersteller", "Modell", "Kostenstelle", "Standort", "Farbe"],
    ["1001", first!.macs[0]!, first!.maker!.value, first!.model!.value, "4711", "Ward 4B", "blue"],
    ["1002", second!.macs[0]!, second!.maker!.value, second!.model!.value, "=1+1", "Ward 4B", "blue"],
    ["1003", third!.macs[0]!, third!.maker!.value, "Another 9", "4711", "Ward 7", "blue"],
    ["1004", "00:11:22:33:44:55", "Acme", "X-1", "4711", "Ward 7", "blue"],
    ["1001", first!.macs[0]!, first!.maker!.value, first!.model!.value, "4711", "Ward 4B", "blue"],
  ];
  return rows.map((row) => row.join(";")).join("\r\n");
}

describe("the hospital's own list", { skip: noBrowser }, () => {
  let it: Opened;
  before(async () => {
    it = await open();
  });
  after(() => it.close());

  const give = async (text: string, name = "assets.csv") => {
    await it.page.goto(`${it.origin}/list`);
    await it.page.locator("#main input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text, "latin1") });
  };
  const whole = async () => {
    assert.deepEqual(await axe(it.page), []);
  };

  test("before a list is chosen, of what is no list, and of a list, the page is whole", async () => {
    await it.page.goto(`${it.origin}/list`);
    await it.page.getByRole("button", { name: "Choose the list" }).waitFor();
    await whole();
    await give("Ding;Nr\n1;2\n");
    await it.page.getByText("expected a row of titles").waitFor();
    await whole();
    await give(csv());
    await it.page.getByText("2 of 5 rows of assets.csv are devices that were heard").waitFor();
    await it.page.getByText("1 row (3) has what a spreadsheet would run").waitFor();
    await whole();
    for (const name of [/^For a person/, /^Listed only/, /^Heard only/, /^Heard and listed/]) {
      await it.page.getByRole("button", { name }).click();
      await whole();
    }
    await it.page.getByText(/^Columns: 6 read, 1 not read/).click();
    await whole();
    await it.page.emulateMedia({ colorScheme: "dark" });
    for (const name of [/^For a person/, /^Would say/]) {
      await it.page.getByRole("button", { name }).click();
      await whole();
    }
    await it.page.emulateMedia({ colorScheme: "light" });
    assert.deepEqual(it.complaints, []);
    assert.equal(it.ward.said.length, 0);
  });

  test("by keyboard: a doubtful row is chosen, all is said with a reason, and taken back", async () => {
    await give(csv());
    await it.page.getByText("2 of 5 rows").waitFor();
    await tabTo(it.page, /^For a person/);
    await it.page.keyboard.press("Enter");
    const [, , third] = wardDevices();
    await tabTo(it.page, `Row 4 is ${third!.name}`);
    await it.page.keyboard.press("Enter");
    await it.page.getByText("3 of 5 rows").waitFor();
    await tabTo(it.page, /^Where the list is from/);
    await it.page.keyboard.press("Enter");
    await it.page.getByText("Say where the list is from").waitFor();
    assert.equal(it.ward.said.length, 0);
    await it.page.keyboard.type("CMMS of November");
    await it.page.keyboard.press("Enter");
    await it.page.getByText(/words of assets.csv said by/).waitFor();
    assert.ok(it.ward.said.some((word) => word.device === third!.id && word.attribute === "controlNumber" && word.value === "1003"));
    await it.page.getByRole("button", { name: "The list would change nothing" }).waitFor();
    await it.page.getByRole("button", { name: "Take it back" }).click();
    await it.page.getByText(/^Say \d+ words as/).waitFor();
    assert.match(it.ward.asked.at(-1) ?? "", /^undo \d+ by lind/);
  });

  test("a column is chosen by hand, and the list is held anew", async () => {
    await give(csv());
    await it.page.getByText(/^Columns: 6 read/).click();
    await it.page.getByLabel("Farbe").selectOption({ label: "Status" });
    await it.page.getByText(/^Columns: 7 read/).waitFor();
    await it.page.getByText('Status: "blue" is none of').first().waitFor();
  });
});
