/** Our table out, through the real LibreOffice, and in again: Debian's libreoffice-calc. What is missing is said and not proved. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { findProgram } from "../link/sandbox.ts";
import { simulate } from "../simulation/index.ts";
import { run } from "../testing/command.ts";
import { LibreOffice } from "../testing/libreoffice.ts";

suite(
  "a table edited in LibreOffice",
  { skip: findProgram("soffice") === undefined && "needs libreoffice-calc: NO TABLE WAS EDITED" },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "auscult-table-"));
    const data = ["--data", join(folder, "data")];
    const office = new LibreOffice();
    const auscult = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(...args, ...data);
      assert.equal(code, 0, stderr);
      return stdout + stderr;
    };
    /** What the list of these bytes would do, row by row. */
    const held = async (bytes: Uint8Array, ...more: readonly string[]) => {
      writeFileSync(join(folder, "table.csv"), bytes);
      return auscult("list", join(folder, "table.csv"), ...more);
    };
    let table = "";

    before(async () => {
      writeFileSync(join(folder, "hospital.pcap"), Buffer.concat([...simulate({ seed: 11, minutes: 6, size: 40 }).capture]));
      await auscult("open", join(folder, "hospital.pcap"), "--exit");
      const said =
        "Host name,Model,Control number,Owner\nMON-01,IntelliVue MX700,0012345,Biomed\nINFU-01,Infusomat Space,1E5,Biomed of ICU 1\n";
      await held(Buffer.from(said), "--apply", "--reason", "a list", "--who", "mara");
      table = (await run("devices", "--csv", ...data)).stdout;
      assert.match(table, /,0012345,Biomed,/);
    });
    after(() => {
      office.close();
      rmSync(folder, { recursive: true });
    });

    test("saved unasked, and kept as a workbook in between, it changes nothing", async () => {
      for (const bytes of [office.saved(table), office.kept(table, "xlsx")]) {
        assert.match(bytes.toString(), /,12345,Biomed,/, "LibreOffice took the zeros");
        assert.match(await held(bytes), /\n.* 0 for a person to say, 0 listed only, 0 repeated; .*\nThe list would change nothing\./);
      }
    });

    test("a changed cell says from what to what, is written when applied and not before, and can be taken back", async () => {
      const bytes = office.edited(table, "Biomed of ICU 1", "Radiology");
      const told = await held(bytes);
      assert.match(told, /\tOwner: Biomed of ICU 1 → Radiology(?:;|\n)/);
      assert.match(told, /Nothing was written\. To say this word:/);
      assert.equal((await run("devices", "--csv", ...data)).stdout, table);
      const said = await held(bytes, "--apply", "--reason", "edited", "--who", "mara");
      assert.equal((await run("devices", "--csv", ...data)).stdout, table.replace("Biomed of ICU 1", "Radiology"));
      const [, change = ""] = /auscult changes --undo (\d+)/.exec(said) ?? [];
      await auscult("changes", "--undo", change, "--reason", "a test", "--who", "mara");
      assert.equal((await run("devices", "--csv", ...data)).stdout, table);
    });
  },
);
