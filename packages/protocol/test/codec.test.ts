/** What a text frame has to be before anybody looks at its fields. */
import { limits, parseFrame } from "@everthread/protocol"
import * as fc from "fast-check"
import { expect, test } from "vitest"

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`
const refusal = (text: string) => {
  const parsed = parseFrame(text)
  return parsed.ok ? undefined : parsed.error
}

test("[CON2] an object is parsed as JSON.parse would", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (frame) => {
      expect(parseFrame(JSON.stringify(frame))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(frame)) })
    }),
  )
})

test.each(["", "{", "hello", '{"a":1}x', "\u0000", '{"a":"\n"}'])("[CON2] %j is not JSON", (text) => {
  expect(refusal(text)).toMatchObject({ code: "bad_frame", message: "The frame is not JSON.", retryable: false })
})

test.each(["1", '"text"', "null", "true", "[]", '[{"type":"ping"}]'])(
  "[CON2] %s is JSON, but not an object",
  (text) => {
    expect(refusal(text)).toMatchObject({ code: "bad_frame", message: "The frame is JSON, but not an object." })
  },
)

test("[CON2] a frame may nest as deep as the limit says and no deeper", () => {
  expect(parseFrame(`{"value":${nested(limits.frameDepthMax - 1)}}`).ok).toBe(true)
  expect(refusal(`{"value":${nested(limits.frameDepthMax)}}`)).toMatchObject({
    code: "bad_frame",
    limit: limits.frameDepthMax,
  })
})

test("[CON6] the deepest frame that fits is refused without blowing the stack", () => {
  for (const opening of ["[", '{"a":', '[{"a":']) {
    const text = opening.repeat(Math.floor(limits.frameBytesMax / opening.length))
    expect(refusal(text)).toMatchObject({ code: "bad_frame", limit: limits.frameDepthMax })
  }
})

test("brackets inside a string are text, whatever is escaped before its end", () => {
  for (const words of ["[".repeat(100), `\\"${"{".repeat(100)}`, `\\\\`, `\\\\\\"${"[".repeat(100)}`]) {
    expect(parseFrame(`{"text":"${words}"}`).ok).toBe(true)
  }
  expect(refusal(`{"text":"\\\\","value":${nested(100)}}`)).toMatchObject({ limit: limits.frameDepthMax })
})

test("depth is what is open at a time, not how often something was opened", () => {
  expect(parseFrame(`{"list":[${Array.from({ length: 1_000 }, () => '{"a":[1]}').join()}]}`).ok).toBe(true)
})

test("any text at all gives a result", () => {
  const punctuation = fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "1")
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: punctuation })), (text) => {
      expect(parseFrame(text)).toHaveProperty("ok")
    }),
  )
})

test("[CON6] a key named __proto__ changes no prototype", () => {
  const parsed = parseFrame('{"type":"ping","__proto__":{"id":7}}')
  if (!parsed.ok) throw new Error("it is a JSON object")
  expect(Object.getPrototypeOf(parsed.value)).toBe(Object.prototype)
  expect(parsed.value["id"]).toBeUndefined()
})
