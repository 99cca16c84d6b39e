/** One precise error for each wrong frame, and nothing but the command's own fields for each right one. */
import { limits } from "@everthread/protocol"
import { readUpFrame, upFrame } from "@everthread/protocol/schema"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { upSamples } from "./samples.ts"

const send = upSamples["send"]
const respond = upSamples["respond"]

function refusal(frame: { readonly [key: string]: unknown }) {
  const read = readUpFrame(frame)
  return read.ok ? undefined : read.error
}

test("there is a sample of every command", () => {
  expect(Object.keys(upSamples)).toEqual(upFrame.options.map((schema) => schema.shape.type.value))
})

test.each(Object.entries(upSamples))("a good %s frame is read as it is", (_type, frame) => {
  expect(readUpFrame(frame)).toEqual({ ok: true, value: frame })
})

test("fields that nobody knows are dropped, so that a newer client can say more", () => {
  expect(readUpFrame({ ...send, mood: "sunny" })).toEqual({ ok: true, value: send })
})

test("[CON2] an unknown command is named, with the one that was probably meant", () => {
  expect(readUpFrame({ type: "sned", id: 3 })).toEqual({
    ok: false,
    id: 3,
    error: {
      code: "unknown_command",
      field: "type",
      message: 'There is no command "sned"; did you mean send?',
      retryable: false,
    },
  })
  expect(refusal({ type: "member.ad" })?.message).toContain("did you mean member.add?")
  expect(refusal({ type: "abcdefghij" })?.message).toContain("there are hello, token, ping")
  expect(refusal({ type: "x".repeat(100_000) })?.message.length).toBeLessThan(500)
})

test.each(["constructor", "__proto__", "toString"])("[CON6] %s is no command", (type) => {
  expect(refusal({ type })).toMatchObject({ code: "unknown_command" })
})

test.each([undefined, 7, null, ["send"], {}])("[CON2] a frame of type %j names no command", (type) => {
  expect(refusal({ ...send, type })).toMatchObject({ code: "invalid_field", field: "type" })
})

const wrong: readonly [string, { readonly [key: string]: unknown }, object][] = [
  ["a missing field", { ...send, text: undefined }, { field: "text", message: /^text: this field is missing/ }],
  ["a missing answer", { ...respond, value: undefined }, { field: "value", message: /missing; it takes a JSON value/ }],
  ["a wrong type", { ...send, text: 5 }, { field: "text", message: /takes a string, and got a number$/ }],
  ["null", { ...send, agent: null }, { field: "agent", message: /takes a string, and got null$/ }],
  ["an array", { ...send, key: [] }, { field: "key", message: /takes a string, and got an array$/ }],
  [
    "a text that is too long",
    { ...send, text: "x".repeat(10_001) },
    { field: "text", limit: 10_000, message: "text: the text may have at most 10000 characters, this one has 10001" },
  ],
  ["an empty text", { ...send, text: "" }, { field: "text", message: "text: the text must not be empty" }],
  ["a blank text", { ...send, text: " \n\u3000" }, { field: "text", message: "text: the text must not be blank" }],
  ["half a character", { ...send, text: "a\ud83d" }, { field: "text", message: /lone surrogate/ }],
  ["half a character in a title", { ...upSamples["create"], title: "\udc4d" }, { field: "title" }],
  ["a blank title", { ...upSamples["create"], title: " " }, { field: "title", message: /must not be blank/ }],
  ["half a character in a reaction", { ...upSamples["react"], reaction: "\ud83d" }, { field: "reaction" }],
  ["a key with a space", { ...send, key: "a b" }, { field: "key", message: /no white space/ }],
  ["a key of control characters", { ...send, key: "a\u0000b" }, { field: "key" }],
  ["an id that is every object's key", { ...send, agent: "__proto__" }, { field: "agent" }],
  ["a key that is too long", { ...send, key: "k".repeat(129) }, { field: "key", limit: limits.keyCharsMax }],
  ["a number that is not whole", { ...send, id: 1.5 }, { field: "id", message: /whole number, and got a number that/ }],
  [
    "a number below its range",
    { ...send, id: -1 },
    { field: "id", limit: 0, message: "id: this must be at least 0, and is -1" },
  ],
  [
    "a number above its range",
    { ...upSamples["history"], limit: 500 },
    { field: "limit", limit: 200, message: "limit: this must be at most 200, and is 500" },
  ],
  [
    "a list that is too long",
    { ...upSamples["create"], members: Array(2_001).fill("ann") },
    { field: "members", limit: 2_000, message: "members: this may have at most 2000 entries, and has 2001" },
  ],
  [
    "an entry of a list",
    { ...upSamples["create"], members: ["ann", 4] },
    { field: "members.1", message: /^members\.1: / },
  ],
  [
    "a word that is not in the list",
    { ...upSamples["member.add"], role: "king" },
    { field: "role", message: /owner, member/ },
  ],
  [
    "a cursor that is none",
    { ...upSamples["subscribe"], cursor: "12" },
    { field: "cursor", message: /looks like 12-Xy3/ },
  ],
  ["a flag that is a word", { ...upSamples["typing"], on: "yes" }, { field: "on", message: /takes a boolean/ }],
]

test.each(wrong)("[CON2] %s is refused in words that name the field", (_what, frame, expected) => {
  const { message, ...rest } = expected as { message?: string | RegExp }
  const error = refusal(frame)
  expect(error).toMatchObject({ code: "invalid_field", retryable: false, ...rest })
  if (message !== undefined) expect(error?.message).toMatch(message)
})

test("[CON2] an answer to an interrupt is limited in bytes, not in characters", () => {
  const wide = "字".repeat(Math.floor((limits.answerBytesMax - 2) / 3))
  expect(readUpFrame({ ...respond, value: wide }).ok).toBe(true)
  expect(refusal({ ...respond, value: `${wide}字` })).toMatchObject({ field: "value", limit: limits.answerBytesMax })
})

test("[CON6] an answer's keys named __proto__ are dropped", () => {
  const read = readUpFrame({ ...respond, value: JSON.parse('{"a":1,"__proto__":{"b":2}}') as unknown })
  expect(read).toEqual({ ok: true, value: { ...respond, value: { a: 1 } } })
})

test("an error carries the request's id when there is one to be read", () => {
  expect(readUpFrame({ ...send, text: "" })).toMatchObject({ ok: false, id: 1 })
  for (const id of [undefined, -1, 1.5, "1", Number.NaN]) expect(readUpFrame({ ...send, id })).not.toHaveProperty("id")
})

test("[CON6] whatever the fields hold, there is a result, and a refusal is one error in words", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constantFrom("send", "create", "respond"))
  const frames = fc.record({ type: fc.oneof(fc.constantFrom(...Object.keys(upSamples)), anything) })
  const fields = fc.dictionary(
    fc.constantFrom(...Object.values(upSamples).flatMap((frame) => Object.keys(frame))),
    anything,
  )
  fc.assert(
    fc.property(frames, fields, (frame, more) => {
      const error = refusal({ ...more, ...frame })
      if (error) expect(error.message).toMatch(/\S/)
    }),
    { numRuns: 500 },
  )
})
