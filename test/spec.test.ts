/** SPEC.md and the tests hold each other: no rule without a test, no number in a title that is no rule's. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../", import.meta.url))
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string)

const rules = new Set(found(readFileSync(`${root}SPEC.md`, "utf8"), /\*\*\[?([A-Z]{3}\d+)\b/g))
/** Of the packages, and of the faults that are played on all of them together. */
const tests = ["packages", "test/faults"]
  .flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  )
  .filter(
    (path) =>
      !path.includes("node_modules") &&
      /\/(test|contract|faults)\/.*\.ts$/.test(`/${path}`) &&
      !path.includes("/dist/"),
  )
  .map((path) => readFileSync(`${root}${path}`, "utf8"))
const titled = new Set(tests.flatMap((text) => found(text, /\[([A-Z]{3}\d+)\]/g)))

test("every rule of SPEC.md stands in the title of a test", () => {
  expect(rules.size).toBeGreaterThan(40)
  expect([...rules].filter((rule) => !titled.has(rule))).toEqual([])
})

test("every number in a title is a rule's", () => {
  expect([...titled].filter((rule) => !rules.has(rule))).toEqual([])
})
