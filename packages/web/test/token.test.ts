/** What a page believes of a token that somebody gave it, or that came with a link. */
import { chosenToken, factsOf, takeToken } from "../src/account/token.ts"

const tokenOf = (claims: object) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  return `${part({ alg: "HS256" })}.${part(claims)}.c2ln`
}

test("a token says whose it is, in any script, and until when", () => {
  expect(factsOf(tokenOf({ sub: "王小明", exp: 1_000 }))).toEqual({ user: "王小明", expiresAt: 1_000_000 })
  expect(factsOf(tokenOf({ sub: "ada" }))).toEqual({ user: "ada" })
})

test.each(["", "x", "a.b.c", tokenOf({}), tokenOf({ sub: 7 }), tokenOf({ sub: "" })])("%j is none", (token) => {
  expect(factsOf(token)).toBeUndefined()
})

describe("a fragment", () => {
  test.each([
    ["#token=abc", "abc", ""],
    ["#token=a%2Bb&x=1", "a+b", "#x=1"],
    ["#/c/lobby&token=abc", "abc", "#/c/lobby"],
    ["#token=", undefined, ""],
    ["#token=%E0%A4%A", undefined, ""],
    ["#/c/lobby", undefined, "#/c/lobby"],
    ["", undefined, ""],
  ])("%j gives %j and leaves %j", (fragment, token, rest) => {
    expect(takeToken(fragment)).toEqual({ token, rest })
  })
})

describe("a token that a link brings", () => {
  const now = 50_000
  const ada = tokenOf({ sub: "ada", exp: 100 })
  const newer = tokenOf({ sub: "ada", exp: 200 })
  const over = tokenOf({ sub: "ada", exp: 10 })
  const eve = tokenOf({ sub: "eve", exp: 100 })

  test("is taken where nobody is signed in, and by the same person", () => {
    expect(chosenToken(undefined, ada, now)).toBe(ada)
    expect(chosenToken(ada, newer, now)).toBe(newer)
  })

  test("does not sign a person in as somebody else", () => {
    expect(chosenToken(ada, eve, now)).toBe(ada)
  })

  test("takes the place of one that has expired", () => {
    expect(chosenToken(over, eve, now)).toBe(eve)
  })

  test("is nothing if it is no token", () => {
    expect(chosenToken(ada, "nonsense", now)).toBe(ada)
    expect(chosenToken(undefined, "nonsense", now)).toBeUndefined()
  })
})
