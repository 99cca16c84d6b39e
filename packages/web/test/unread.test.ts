/** What somebody has not read, and what they say when they have. */
import * as fc from "fast-check"
import { listEntry, matching, titleOf } from "../src/model/list-entry.ts"
import { readersBelow } from "../src/model/readers.ts"
import { countText, firstUnread, receiptFor } from "../src/model/unread.ts"
import { answered, said } from "./support/messages.ts"

const messages = [said("ada", 1), said("bob", 2), answered(3, "hello"), said("ada", 4), said("bob", 5)]

describe("unread", () => {
  test("begins at the first message of others behind the receipt that says something", () => {
    expect(firstUnread(messages, "ada", 2)).toBe(3)
    expect(firstUnread(messages, "bob", 3)).toBe(4)
    expect(firstUnread([said("bob", 2, { redacted: true }), answered(3, "")], "ada", 0)).toBeUndefined()
  })

  test("are counted until nobody counts any more", () => {
    expect([countText(0), countText(99), countText(100)]).toEqual(["0", "99", "99+"])
  })

  test("a receipt for all of them leaves none, and none is sent twice", () => {
    const author = fc.constantFrom("ada", "bob", "eve")
    fc.assert(
      fc.property(fc.array(author, { maxLength: 30 }), fc.nat({ max: 30 }), (authors, upTo) => {
        const history = authors.map((user, index) => said(user, index + 1))
        const receipt = receiptFor(history, "ada", upTo)
        const after = receipt ?? upTo
        expect(after).toBeGreaterThanOrEqual(upTo)
        expect(firstUnread(history, "ada", after)).toBeUndefined()
        expect(receiptFor(history, "ada", after)).toBeUndefined()
      }),
    )
  })
})

describe("readers", () => {
  test("stand below the last message that they have seen, once each, and never oneself", () => {
    const below = readersBelow(messages, { ada: 5, bob: 5, eve: 3 }, "ada")
    expect([...below]).toEqual([["a3", ["eve"]]])
  })

  test("who wrote last themselves stand nowhere: that they have read it says nothing", () => {
    expect(readersBelow([said("bob", 1)], { bob: 1 }, "ada").size).toBe(0)
  })

  test("who has read one's own last words stands below them", () => {
    expect([...readersBelow([said("ada", 1)], { bob: 1 }, "ada")]).toEqual([["m1", ["bob"]]])
  })
})

describe("a row of the list", () => {
  const entry = { conversation: "c1", role: "owner" as const, view: undefined, unread: 0 }

  test("of which nothing is known yet shows what the server has said", () => {
    expect(listEntry({ ...entry, title: "Plans" }, "ada")).toMatchObject({
      title: "Plans",
      unread: 0,
      time: 0,
    })
  })

  test("is called by its title, else by who else is in it, else by its id", () => {
    expect(titleOf("c1", "Plans", ["ada", "bob"], "ada")).toBe("Plans")
    expect(titleOf("c1", undefined, ["ada", "bob", "eve"], "ada")).toBe("bob, eve")
    expect(titleOf("c1", undefined, ["ada"], "ada")).toBe("c1")
    expect(titleOf("c1", undefined, ["ada", "b", "c", "d", "e", "f"], "ada")).toBe("c1")
  })

  test("is found by any part of its title, in any order", () => {
    const row = (title: string) => listEntry({ ...entry, title }, "ada")
    const found = (query: string) => matching([row("Weekend plans"), row("Work")], query).map(({ title }) => title)
    expect(found("plan week")).toEqual(["Weekend plans"])
    expect(found("w")).toEqual(["Weekend plans", "Work"])
    expect(found("")).toHaveLength(2)
    expect(found("x")).toEqual([])
  })
})
