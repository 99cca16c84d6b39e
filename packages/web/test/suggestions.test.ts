/** What the app suggests to say first is something that the demo agent knows how to answer. */
import { replyTo } from "../../cli/src/demo/offline-replies.ts"
import { en } from "../src/i18n/en.ts"
import { zh } from "../src/i18n/zh.ts"

test.each([
  ["English", en, "tomorrow at noon"],
  ["Chinese", zh, "明天中午12点"],
] as const)("a story, a calculation and a table, in %s", (_language, { chat }, when) => {
  const [story, sum, table] = chat.suggested.map(replyTo)
  expect(story).toMatchObject({ text: expect.stringContaining("\n\n") })
  expect(story?.call).toBeUndefined()
  expect(sum?.call).toEqual({ name: "calculator", args: { expression: "365*24" } })
  expect(table?.call).toEqual({ name: "book_table", args: { people: 4, when } })
})
