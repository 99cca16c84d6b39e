/** What is written to many connections in one turn is copied once. */
import { JoinedBytes } from "../../src/http/joined-bytes.ts"

const piece = (...bytes: number[]) => Uint8Array.from(bytes)

test("[DLV1] the same frames for the next connection are the same piece of memory, in order", () => {
  const joined = new JoinedBytes()
  const [first, second] = [piece(1, 2), piece(3)]
  const once = joined.of([first, second])
  expect([...(once ?? [])]).toEqual([1, 2, 3])
  expect(joined.of([first, second])).toBe(once)
})

test("other frames are other bytes, be they equally many, and what was handed out before stays as it was", () => {
  const joined = new JoinedBytes()
  const [first, second, third] = [piece(1), piece(2), piece(3)]
  const once = joined.of([first, second])
  expect([...(joined.of([first, third]) ?? [])]).toEqual([1, 3])
  expect([...(joined.of([first, third, second]) ?? [])]).toEqual([1, 3, 2])
  expect([...(joined.of([second, third]) ?? [])]).toEqual([2, 3])
  expect([...(once ?? [])]).toEqual([1, 2])
})

test("what is large is not copied, and does not take the place of what was", () => {
  const joined = new JoinedBytes()
  const [first, second] = [piece(1), piece(2)]
  const once = joined.of([first, second])
  expect(joined.of([new Uint8Array(65_536), second])).toBeUndefined()
  expect(joined.of([first, second])).toBe(once)
})
