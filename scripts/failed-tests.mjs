/** A reporter of node's test runner: one line of JSON for each test that failed, with the file it stands in. `scripts/test.mjs` runs those again. */
export default async function* failedTests(events) {
  for await (const { type, data } of events) {
    // A suite fails because of a test in it, which has a line of its own.
    if (type === "test:fail" && data.details.error?.failureType !== "subtestsFailed")
      yield `${JSON.stringify({ name: data.name, file: data.file })}\n`;
  }
}
