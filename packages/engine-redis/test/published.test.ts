import { formatCursor } from "@everthread/protocol"
import { ephemeralText, headerOf, parsePublished } from "../src/log/published.ts"

const conversation = 'a "room"\nof two lines'
const parse = (text: string) => parsePublished(text, conversation, text.indexOf("\n"))
const appendedText = (prev: string, nonce: string, bodies: readonly string[]) =>
  headerOf({ conversation }) + [prev, nonce, ...bodies].join("\n")

describe("what travels on a partition's channel", () => {
  test.each([[["{}"]], [["{}", '{"type":"delta"}', "[]"]]])("an append of %j is read as it was written", (bodies) => {
    const entries = bodies.map((body, index) => ({ cursor: formatCursor(8 + index, "n1"), seq: 8 + index, body }))
    const appended = { conversation, prev: "7-before", entries }
    expect(parse(appendedText("7-before", "n1", bodies))).toEqual({ kind: "appended", appended, flags: "" })
  })

  test("what has no place in the log is read as it was written, whatever is in it", () => {
    expect(parse(ephemeralText(conversation, '{"a":1}'))).toEqual({ kind: "ephemeral", body: '{"a":1}' })
  })

  test.each([
    ["one line", JSON.stringify(conversation)],
    ["no place", headerOf({ conversation })],
    ["no nonce", `${headerOf({ conversation })}7-n`],
    ["no body", `${headerOf({ conversation })}7-n\nn1`],
    ["a place that is none", appendedText("7", "n1", ["{}"])],
    ["a nonce that is none", appendedText("7-n", "n 1", ["{}"])],
    ["a place beyond all numbers", appendedText("999999999999999-n", "n1", ["{}"])],
  ])("what anybody may have said is not believed: %s", (_, text) => {
    expect(parse(text)).toBeUndefined()
  })
})
