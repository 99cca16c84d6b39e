import { configMarkdown } from "@everthread/server/config"

test("docs/config.md says what the table of options says", async () => {
  // After a change of the table: npx vitest run test/config-docs -u
  await expect(configMarkdown()).toMatchFileSnapshot("../docs/config.md")
})
