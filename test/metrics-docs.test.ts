import { metricsMarkdown } from "@everthread/server"

test("docs/metrics.md says what the table of metrics says", async () => {
  // After a change of the table: npx vitest run test/metrics-docs -u
  await expect(metricsMarkdown()).toMatchFileSnapshot("../docs/metrics.md")
})
