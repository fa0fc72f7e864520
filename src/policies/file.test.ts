/** A policy as people write it, and what is said where they slip. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { parse } from "yaml";
import type { Policy } from "../model/policy.ts";
import { assertProperty } from "../testing/property.ts";
import { policyIn, WrongPolicy } from "./file.ts";
import { joined } from "./service.ts";
import { formatted, policyText } from "./text.ts";

const PUMPS = `# What our pumps need.
policy: Pumps
rules:
  - service: tcp 443,80
    allow: pumps->server
    because: reports   # to charting
    same: ward
    until: 2026-12-31
    change: 007
groups:
  pumps: {select: kind = "infusion pump", newcomers: admit}
  server:
    select: name = PUMPSRV01
    governs: no
    states: { everywhere: monitor, ICU 1: enforced }
tests:
  - every pumps reaches server on tcp 443
`;

test("a policy is read as it is meant", () => {
  const pumps = { name: "pumps", select: 'kind = "infusion pump"', governs: true, newcomers: "admit", states: [] };
  const states = [
    { place: "everywhere", state: "monitor" },
    { place: "ICU 1", state: "enforced" },
  ];
  const ports = [
    { from: 80, to: 80 },
    { from: 443, to: 443 },
  ];
  const ends = { from: "pumps", to: "server" };
  assert.deepEqual(policyIn(PUMPS, "pumps.yaml"), {
    name: "Pumps",
    groups: [pumps, { name: "server", select: "name = PUMPSRV01", governs: false, newcomers: "hold", states }],
    rules: [
      {
        ...ends,
        service: { transport: "tcp", ports },
        because: "reports",
        origin: "said",
        same: "ward",
        until: "2026-12-31",
        change: "007",
      },
    ],
    tests: [{ ...ends, kind: "every", service: { transport: "tcp", ports: ports.slice(1) } }],
  });
});

test("it is written in one way, with its comments", () => {
  assert.equal(
    formatted(PUMPS, "pumps.yaml"),
    `# What our pumps need.
policy: Pumps
groups:
  pumps:
    select: kind = "infusion pump"
    newcomers: admit
  server:
    select: name = PUMPSRV01
    governs: no
    states: { everywhere: monitor, ICU 1: enforced }
rules:
  - allow: pumps → server
    service: tcp 80, 443
    because: reports # to charting
    same: ward
    until: 2026-12-31
    change: 007
tests:
  - every pumps reaches server on tcp 443
`,
  );
});

const GROUPS = "groups:\n  pumps: { select: kind = pump }\n";
const WRONG: readonly (readonly [text: string, ...problems: string[]])[] = [
  ["", "1:1: expected a policy: policy, groups, rules, got nothing"],
  ["- 7", '1:1: expected a policy: policy, groups, rules, got a list'],
  ["policy: [", "1:10: expected YAML, got trouble: Flow sequence in block collection must be sufficiently indented and end with a ]"],
  ["policy: x", "1:1: expected groups, each a name with what selects it, got none"],
  [`policy: x\npolicy: y\n${GROUPS}`, '2:1: expected each name once, got "policy" again'],
  [`policy: x\ngroups:\n  a: { select: kind = printer }\n  a: { select: kind = camera }\n`, '4:3: expected each name once, got "a" again'],
  ["policy: x\ngroups:\n  pumps:", '3:3: expected what selects "pumps", such as select: kind = printer, got nothing'],
  ["policy: x\ngroups:\n  outside: { select: a }", '3:3: expected a name of your own, got "outside", which every policy has'],
  ["policy: x\ngroups:\n  p: { select: '' }", "3:16: expected what selects the group, in the words of `auscult devices --filter`, got nothing"],
  ["policy: x\ngroups:\n  p: { select: 'a and and' }", '3:23: expected a word or a field, got "and"'],
  ["policy: x\ngroups:\n  p: { selects: a }", "3:6: expected select, got none", '3:8: expected select, governs, newcomers, states, got "selects" (did you mean select?)'],
  ["policy: x\ngroups:\n  p: { select: a, governs: maybe }", '3:28: expected true or false, got "maybe"'],
  ["policy: x\ngroups:\n  p: { select: a, states: { ICU: enforce } }", '3:34: expected draft, monitor, enforced, got "enforce" (did you mean enforced?)'],
  [`policy: x\n${GROUPS}rules:\n  - 7`, '5:5: expected a rule: allow, service, because, got "7"'],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps, service: tcp 1, because: y }`, '5:14: expected two groups with → (or ->) between them, got "pumps"'],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps → pump, service: tcp 1, because: y }`, '5:22: expected a group of this policy (pumps, outside, multicast, broadcast, anyone), got "pump" (did you mean pumps?)'],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps → outside, service: tcp, because: y }`, '5:40: expected ports after "tcp", such as "tcp 104", or "tcp any"'],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps → outside, service: 'tcp 9-8', because: y }`, '5:40: expected a port, or two with - between them, of 0 to 65535, got "9-8"'],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps → outside, service: icmp 256, because: y }`, '5:40: expected a port, or two with - between them, of 0 to 255, got "256"'],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps → outside, service: tcp 9 }`, "5:5: expected because, got none"],
  [`policy: x\n${GROUPS}rules:\n  - { allow: pumps → outside, service: tcp 9, because: y, until: 2026-02-30 }`, '5:66: expected a last day such as 2026-12-31, got "2026-02-30"'],
  [`policy: x\n${GROUPS}tests:\n  - all pumps reach`, '5:5: expected "every A reaches B" or "no A reaches B", perhaps with "on tcp 104", got "all pumps reach"'],
  [`policy: x\n${GROUPS}tests:\n  - no pumps reaches outside on tcp`, '5:33: expected ports after "tcp", such as "tcp 104", or "tcp any"'],
]; // prettier-ignore

test("every error says where it is and what was expected, and all of them are told", () => {
  for (const [text, ...problems] of WRONG) {
    const error = wrongIn(text);
    assert.deepEqual(error?.message.split("\n"), problems.map((it) => `p.yaml:${it}`), text); // prettier-ignore
  }
});

test("what is no text, no plain YAML or more than one policy is refused in our words", () => {
  const deep = `${"[".repeat(3000)}${"]".repeat(3000)}`;
  for (const [text, problem] of [
    ["policy: x\ngroups:\n  p\0: { select: a }", "3:4: expected text, got a control character (0 in ASCII)"],
    ["p\0o\0l\0i\0c\0y\0", "1:2: expected text, got a control character (0 in ASCII)"],
    [`policy: x\n${GROUPS}# \x1b[31m`, "4:3: expected text, got a control character (27 in ASCII)"],
    [`policy: !!js/function x\n${GROUPS}`, "1:9: expected YAML, got trouble: Unresolved tag: tag:yaml.org,2002:js/function"],
    [`policy: x\n${GROUPS}---\npolicy: y\n`, "4:1: expected one policy, got another document in the same file"],
  ] as const)
    assert.equal(wrongIn(text)?.message, `p.yaml:${problem}`);
  assert.match(
    wrongIn(`policy: x\ngroups: ${deep}`)?.message ?? "",
    /^p\.yaml:2:\d+: expected a policy, got lists or maps too deep within each other$/,
  );
});

/** Valid to the schema, wrong to the reader: what no schema can say. */
const BEYOND_SCHEMA = /Map keys|expected a group of this|and and|9-8|256|2026-02-30|on tcp$|a name of your own/;

test("editors are told the same by the schema", () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/policy.schema.json"), "utf8")) as object;
  const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);
  assert.ok(accepts(parse(PUMPS)), JSON.stringify(accepts.errors));
  for (const [text, ...problems] of WRONG) {
    if (problems.some((it) => /YAML|each name once/.test(it)) || BEYOND_SCHEMA.test(text) || problems.some((it) => BEYOND_SCHEMA.test(it)))
      continue;
    assert.ok(!accepts(parse(text)), text);
  }
});

test("what is written is read again as the same, however it is named", () => {
  assertProperty(
    fc.property(anyPolicy(), (policy) => {
      const text = policyText(policy);
      assert.equal(JSON.stringify(policyIn(text, "any.yaml")), JSON.stringify(policy));
      assert.equal(formatted(text, "any.yaml"), text);
    }),
    { numRuns: 200 },
  );
});

test("whatever stands in a file, it is a policy or WrongPolicy", () => {
  const pieces = PUMPS.split(/(?<=[\s:{},>-])/);
  assertProperty(
    fc.property(fc.shuffledSubarray(pieces), fc.string(), (some, noise) => {
      try {
        policyIn(some.join("") + noise, "any.yaml");
      } catch (error) {
        assert.ok(error instanceof WrongPolicy, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

function wrongIn(text: string): WrongPolicy | null {
  try {
    policyIn(text, "p.yaml");
    return null;
  } catch (error) {
    if (error instanceof WrongPolicy) return error;
    throw error;
  }
}

function anyPolicy(): fc.Arbitrary<Policy> {
  const word = fc.string({ minLength: 1, maxLength: 12 }).map((it) => it.trim());
  const text = word.filter((it) => it !== "");
  const name = text.filter((it) => !/→|->|reaches| on |^(outside|multicast|broadcast|anyone)$/.test(it));
  const service = fc.record({
    transport: fc.constantFrom("tcp", "udp", "sctp"),
    ports: fc.array(fc.tuple(fc.nat(65_535), fc.nat(65_535)), { maxLength: 4 }).map((pairs) => joined(pairs.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })))),
  }); // prettier-ignore
  return fc.uniqueArray(name, { minLength: 1, maxLength: 4 }).chain((names) => {
    const end = fc.constantFrom(...names, "outside", "anyone");
    return fc.record({
      name: text,
      groups: fc.tuple(
        ...names.map((it) =>
          fc.record({
            name: fc.constant(it),
            select: fc.constantFrom('kind = "infusion pump"', "name ~ srv", "not maker = x"),
            governs: fc.boolean(),
            newcomers: fc.constantFrom("hold", "admit"),
            states: fc.constantFrom([], [{ place: "everywhere", state: "monitor" as const }]),
          }),
        ),
      ),
      rules: fc.array(
        fc.record({
          from: end,
          to: end,
          service,
          because: text,
          origin: fc.constantFrom("learned", "expected", "said"),
          same: fc.constantFrom(null, "ward"),
          until: fc.constantFrom(null, "2026-12-31"),
          change: fc.option(text, { nil: null }),
        }),
        { maxLength: 4 },
      ),
      tests: fc.array(fc.record({ kind: fc.constantFrom("every", "no"), from: end, to: end, service: fc.option(service, { nil: null }) }), {
        maxLength: 2,
      }),
    });
  });
}

test("what is no policy is told without its control characters, and not at length", () => {
  const shown = (text: string) => {
    try {
      policyIn(text, "x.yaml");
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  // As bytes they are refused; an escape within quotes brings them in all the same.
  assert.equal(shown('"\\e[2J\\0\u202eabc"'), 'x.yaml:1:1: expected a policy: policy, groups, rules, got "·[2J··abc"');
  const atLength = shown("a".repeat(100_000)).length;
  assert.ok(atLength > 0 && atLength < 400);
});

test("lines of blanks, however long, are read at once", () => {
  const blanks = " ".repeat(300_000);
  const began = performance.now();
  for (const line of [`tests: ["every${blanks}"]`, `tests: ["no a reaches${blanks}on${blanks}x"]`, `rules: [{ allow: "a${blanks}b", service: tcp 80 }]`, `groups: { "a${blanks}b": { select: kind = printer } }`])
    try {
      policyIn(`policy: Pumps\n${line}\n`, "pumps.policy.yaml");
    } catch (error) {
      assert(error instanceof WrongPolicy);
    }
  assert(performance.now() - began < 20_000);
}); // prettier-ignore
