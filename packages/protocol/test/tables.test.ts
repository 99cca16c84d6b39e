/** The two tables that say who may retry, and the small functions that read them. */
import {
  type CloseCode,
  closeCodeOf,
  closeRules,
  type ErrorRule,
  errorRules,
  nearest,
  reconnectAfter,
  wireError,
} from "@everthread/protocol"
import { down } from "@everthread/protocol/schema"
import { expect, test } from "vitest"

const errors = Object.entries(errorRules) as [keyof typeof errorRules, ErrorRule][]

test.each(errors)("[ERR1] %s says in a sentence what it means, and when to retry", (code, rule) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
  expect(rule.meaning).toMatch(/^[A-Z].*\.$/)
  expect(rule.retryAfterMs !== undefined).toBe(rule.retry === "later")
  expect(wireError(code)).toMatchObject({ code, message: rule.meaning, retryable: rule.retry !== "never" })
  expect(down.wireErrorSchema.safeParse(wireError(code)).error).toBeUndefined()
})

test("[ERR1] an error says what is more precise than the table", () => {
  const details = { message: "Wait.", field: "text", limit: 60, retryAfterMs: 2_500 }
  expect(wireError("rate_limited", details)).toEqual({ code: "rate_limited", ...details, retryable: true })
  expect(wireError("not_found")).toEqual({ code: "not_found", message: errorRules.not_found.meaning, retryable: false })
})

test("[ERR2] every close code is 4000 + an HTTP status, and says how to reconnect", () => {
  for (const [code, rule] of Object.entries(closeRules)) {
    expect(Number(code)).toBeGreaterThanOrEqual(4_400)
    expect(Number(code)).toBeLessThan(4_600)
    expect(reconnectAfter(Number(code))).toBe(rule.reconnect)
  }
})

test("[ERR2] an error that ends a connection has a code from the table, and agrees with it about coming back", () => {
  for (const [error, code] of Object.entries(closeCodeOf) as [keyof typeof errorRules, CloseCode][]) {
    const comesBack = closeRules[code].reconnect !== "never"
    expect({ error, comesBack }).toEqual({ error, comesBack: errorRules[error].retry !== "never" })
  }
})

test("[ERR2] what is not in the table is a failure of the network; a normal close is not", () => {
  expect([1001, 1005, 1006, 1011, 4999].map(reconnectAfter)).toEqual(Array(5).fill("backoff"))
  expect(reconnectAfter(1000)).toBe("never")
})

test("the nearest word is the one that was probably meant, if any", () => {
  const words = ["port", "host", "heartbeat_interval", "session_timeout"]
  expect(nearest("prot", words)).toBe("port")
  expect(nearest("PORT", words)).toBe("port")
  expect(nearest("heartbeatInterval", words)).toBe("heartbeat_interval")
  expect(nearest("colour_of_the_sky", words)).toBeUndefined()
  expect(nearest("port", [])).toBeUndefined()
  expect(nearest("p".repeat(1_000_000), words)).toBeUndefined()
})
