import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../", import.meta.url))
const page = readFileSync(`${root}docs/architecture.md`, "utf8")
const places = [...new Set([...page.matchAll(/`((?:packages|test)\/[^`]+)`/g)].map((match) => match[1] as string))]

describe("docs/architecture.md", () => {
  it("walks one message and one run through the files by name", () => {
    expect(places.length).toBeGreaterThan(30)
  })

  it.each(places)("names %s, which exists", (place) => {
    expect(existsSync(root + place)).toBe(true)
  })
})
