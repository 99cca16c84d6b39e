import { metricsMarkdown, metricsTable } from "@everthread/server"

test("docs/metrics.md says what the table of metrics says", async () => {
  // After a change of the table: npx vitest run test/metrics-docs -u
  await expect(metricsMarkdown()).toMatchFileSnapshot("../docs/metrics.md")
})

test("docs/metrics.md names no metric that there is not", () => {
  const names = metricsMarkdown().match(/\b(?:chat|everthread)_[a-z_]*[a-z]\b/g) ?? []
  const known = Object.keys(metricsTable).flatMap((name) => [name, `${name}_bucket`])
  expect(names.length).toBeGreaterThan(known.length / 2)
  expect(names.filter((name) => !known.includes(name))).toEqual([])
})
