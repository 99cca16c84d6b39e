import { formatCursor, parseCursor, seqOf, startCursor } from "@everthread/protocol"
import * as fc from "fast-check"
import { expect, test } from "vitest"

const nonce = fc.string({ unit: fc.constantFrom(..."09azAZ"), minLength: 1, maxLength: 32 })

test("[LOG2] a cursor is a seq and a nonce, and both can be read back", () => {
  fc.assert(
    fc.property(fc.nat(), nonce, (seq, nonce) => {
      const cursor = formatCursor(seq, nonce)
      expect(parseCursor(cursor)).toEqual({ seq, nonce })
      expect(seqOf(cursor)).toBe(seq)
    }),
  )
})

test("[LOG2] every seq that a cursor can name is exact", () => {
  expect(parseCursor("999999999999999-a")?.seq).toBe(999_999_999_999_999)
  expect(parseCursor("1000000000000000-a")).toBeUndefined()
})

test.each(["", "12", "12-", "-a", "012-a", "+1-a", "1.5-a", "1-a b", "1-ä", "1-a\n", " 1-a", `1-${"a".repeat(33)}`])(
  "%j is no cursor",
  (text) => {
    expect(parseCursor(text)).toBeUndefined()
  },
)

test("a log begins before its first entry", () => {
  expect(parseCursor(startCursor)).toEqual({ seq: 0, nonce: "0" })
})
