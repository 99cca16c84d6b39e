/** What is remembered, where the app is, and how times read. */
import { deviceOf, keepAccount, keptAccount, nameAccount } from "../src/account/account.ts"
import { languageFor, languageStore, textsOf } from "../src/i18n/language.ts"
import { draftsOf } from "../src/model/drafts.ts"
import { namesIn } from "../src/model/names.ts"
import { conversationIn, fragmentOf } from "../src/model/place.ts"
import { clockText, dayText, remainingText } from "../src/model/times.ts"
import { keepIn } from "../src/platform/keep.ts"

function memoryKeep() {
  const held = new Map<string, string>()
  return keepIn(() => ({
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  }))
}

test("a browser that keeps nothing breaks nothing", () => {
  const keep = keepIn(() => {
    throw new Error("SecurityError")
  })
  keep.set("a", "b")
  expect(keep.get("a")).toBeUndefined()
})

describe("an account", () => {
  test("is a name that the protocol takes", () => {
    expect(nameAccount("  ada ")).toEqual({ kind: "name", user: "ada" })
    expect(nameAccount("王小明")).toBeDefined()
    for (const name of ["", " ", "two words", "__proto__", "x".repeat(129)]) expect(nameAccount(name)).toBeUndefined()
  })

  test("is remembered for servers of its kind, and forgotten", () => {
    const keep = memoryKeep()
    const ada = nameAccount("ada")
    keepAccount(keep, ada)
    expect(keptAccount(keep, false)).toEqual(ada)
    expect(keptAccount(keep, true)).toBeUndefined()
    keepAccount(keep, undefined)
    expect(keptAccount(keep, false)).toBeUndefined()
  })

  test("a device is the same at the next visit", () => {
    const keep = memoryKeep()
    let count = 0
    const random = { fraction: () => 0, id: () => `id${++count}` }
    expect(deviceOf(keep, random)).toBe("web-id1")
    expect(deviceOf(keep, random)).toBe("web-id1")
  })
})

describe("drafts", () => {
  test("are kept for each conversation and each person", () => {
    const keep = memoryKeep()
    draftsOf(keep, "ada").keep("c1", "half a tho")
    expect(draftsOf(keep, "ada").of("c1")).toBe("half a tho")
    expect(draftsOf(keep, "ada").of("c2")).toBe("")
    expect(draftsOf(keep, "bob").of("c1")).toBe("")
    draftsOf(keep, "ada").keep("c1", "")
    expect(keep.get('draft ["ada","c1"]')).toBeUndefined()
  })
})

describe("the address", () => {
  test.each(["lobby", "~ada", "a/b", "50%", "会议", "a&b"])("names the conversation %s", (id) => {
    expect(conversationIn(fragmentOf(id))).toBe(id)
  })

  test("names none where it is something else", () => {
    for (const fragment of ["", "#/", "#/c/", "#/c/%E0%A4%A", "#token=x"])
      expect(conversationIn(fragment)).toBeUndefined()
    expect(fragmentOf(undefined)).toBe("#/")
  })
})

describe("languages", () => {
  test.each([
    [["zh-CN", "en"], "zh"],
    [["fr", "zh-Hant-TW"], "zh"],
    [["en-GB"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ])("%j is %s", (wanted, language) => {
    expect(languageFor(wanted)).toBe(language)
  })

  test("one that was chosen is chosen at the next visit", () => {
    const keep = memoryKeep()
    languageStore(keep, ["en"]).set("zh")
    expect(languageStore(keep, ["en"]).snapshot()).toBe("zh")
  })

  test("say the same things, and none of them nothing", () => {
    const leaves = (value: unknown, path = ""): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
        : [`${path} ${typeof value} ${value === ""}`]
    expect(leaves(textsOf.zh)).toEqual(leaves(textsOf.en))
    expect(leaves(textsOf.en).filter((leaf) => leaf.endsWith("true"))).toEqual([])
  })
})

describe("times", () => {
  const noon = new Date(2026, 4, 5, 12, 0).getTime()
  const words = { today: "Today", yesterday: "Yesterday" }

  test("of these days have words, and others a date", () => {
    expect(dayText(noon, noon, "en", words)).toBe("Today")
    expect(dayText(noon - 86_400_000, noon, "en", words)).toBe("Yesterday")
    expect(dayText(new Date(2026, 0, 2).getTime(), noon, "en", words)).toBe("Fri 2 January")
    expect(dayText(new Date(2024, 0, 2).getTime(), noon, "en", words)).toMatch(/2 January 2024/)
    expect(clockText(noon, "zh")).toBe("12:00")
  })

  test("that are left are counted down, and end at zero", () => {
    expect([65_000, 1, 0, -5, 3_600_000].map(remainingText)).toEqual(["1:05", "0:01", "0:00", "0:00", "1:00:00"])
  })
})

test("names are parted by whatever people put between them", () => {
  expect(namesIn("bob, eve，小明、bob ada", "ada")).toEqual(["bob", "eve", "小明"])
})
