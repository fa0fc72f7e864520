import assert from "node:assert/strict";
import { test } from "node:test";
import { loadAdvisories } from "./advisories.ts";
import { loadAdvisoryProducts, loadComponents, named } from "./advisory-products.ts";
import { ourFamilies } from "./families.ts";
import { loadMakers } from "./makers.ts";
import { table } from "./table.ts";

const products = loadAdvisoryProducts(loadMakers());
const all = new Map(
  loadAdvisories().flatMap((it) => it.products.map(({ vendor, product }) => [`${vendor}\t${product}`, { vendor, product }])),
);

test("of each product there is a line, and each family it names is one of ours", () => {
  assert.equal(all.size, 570);
  const families = new Set(ourFamilies().map(({ maker, name }) => `${maker}\t${name}`));
  let heard = 0;
  for (const { vendor, product } of all.values()) {
    const target = products.targetOf(vendor, product);
    assert.notEqual(target, "unknown", `${vendor} ${product}`);
    if (target === null || target === "unknown") continue;
    heard++;
    if (target.is === "family") assert.ok(families.has(`${target.maker}\t${target.family}`), `${target.maker} has the family ${target.family}`);
    if (target.is === "models") assert.ok(target.models.every((it) => it.length > 1 && it !== "*"), `${vendor} ${product}`);
  }
  assert.equal(heard, 350);
}); // prettier-ignore

test("each line is for a product there is, but those after which a newer advisory may ask", () => {
  const makers = loadMakers();
  const names = [...all.values()].map(({ vendor, product }) => ({ maker: makers.called(vendor, "advisory").name, name: named(product) }));
  for (const [maker = "", pattern = ""] of table("advisory-families.tsv", 4))
    assert.ok(
      names.some((it) => it.maker === maker && new RegExp(`^(?:${pattern})$`).test(it.name)),
      `${maker} ${pattern}`,
    );
});

test("a maker is looked up, never likened, in all its spellings", () => {
  const target = products.targetOf("Philips", "IntelliVue X2");
  for (const vendor of ["Phillips", "PHILIPS", "Philips ", "Philips Medical Systems, Inc."]) assert.deepEqual(products.targetOf(vendor, "IntelliVue X2"), target); // prettier-ignore
  for (const vendor of ["Philip", "Philips Lighting Something", "", "Phіlips"]) assert.equal(products.targetOf(vendor, "IntelliVue X2"), "unknown"); // prettier-ignore
  assert.deepEqual(products.targetOf("General Electric (GE)", "B450"), products.targetOf("GE Healthcare", "B450"));
  assert.deepEqual(products.targetOf("GE Healthcare", "1.5T Brivo MR355"), {
    is: "models",
    maker: "GE HealthCare",
    models: ["brivomr355"],
  });
  assert.deepEqual(products.targetOf("Medtronic ", "Valleylab FT10 Energy Platform (VLFT10GEN)"), { is: "models", maker: "Medtronic", models: ["valleylabft10", "ft10"] }); // prettier-ignore
  assert.equal(products.targetOf("Medtronic", "MiniMed 508 pump"), null);
});

test("hostile names take no time", () => {
  const began = performance.now();
  const vendors = new Set([...all.values()].map(({ vendor }) => vendor));
  const parts = ["bd ", "pyxis ", "a", "optima ", "alaris gateway workstation alaris ", "1 ", "intellivue mp ", "+", "discovery nm ct d"];
  for (const vendor of vendors)
    for (const part of parts) for (const end of ["", "!", "x"]) products.targetOf(vendor, part.repeat(200).slice(0, 199) + end);
  assert.equal(products.targetOf("Philips", "x".repeat(1e6)), "unknown");
  assert.ok(performance.now() - began < 3_000);
});

test("programs within say their names and versions", () => {
  const components = loadComponents();
  const says = (value: string, attribute: "dicomImplementation" | "realm" | "serverBanner" = "dicomImplementation") =>
    components.of(attribute, value).map(({ component, version }) => `${component} ${version}`);
  assert.deepEqual(says("1.2.276.0.7230010.3.0.3.6.5 OFFIS_DCMTK_365"), ["DCMTK 3.6.5", "DCMTK 3.6.5"]);
  assert.deepEqual(says("1.2.3.4 OFFIS_DCMTK_354"), ["DCMTK 3.5.4"]);
  assert.deepEqual(says("1.2.826.0.1.3680043.9.3811.2.0.2 PYNETDICOM_202"), ["pynetdicom 2.0.2", "pynetdicom 2.0.2"]);
  assert.deepEqual(says("1.2.826.0.1.3680043.2.1143.107.104.103.115.2.8.4 GDCM 2.8.4"), ["GDCM 2.8.4"]);
  assert.deepEqual(says("1.2.276.0.7238010.5.0.3.5.4 OSIRIX"), ["OsiriX null"]);
  assert.deepEqual(says("Orthanc Secure Area", "realm"), ["Orthanc null"]);
  assert.deepEqual(says("RomPager/4.07 UPnP/1.0", "serverBanner"), ["RomPager 4.07"]);
  assert.deepEqual(says("1.2.40.0.13.1.3 dcm4che-5.22.1"), []);
  assert.deepEqual(says("RomPager/4.07"), []);
});
