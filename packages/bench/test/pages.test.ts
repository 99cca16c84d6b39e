/** The tables of each bench's page are those that were measured. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { benches } from "../src/benches.ts"
import { withFigures } from "../src/report/figures.ts"
import type { Report } from "../src/report/overview.ts"

const folder = fileURLToPath(new URL("../../../docs/benchmarks/", import.meta.url))
const names = Object.keys(benches).filter((name) => existsSync(`${folder}${name}.json`))

const reportOf = (name: string) => JSON.parse(readFileSync(`${folder}${name}.json`, "utf8")) as Report
const pageOf = (name: string) => readFileSync(`${folder}${name}.md`, "utf8")

// After a bench has written figures: npx vitest run packages/bench/test/pages packages/bench/test/overview -u
test.each(names)("the tables of docs/benchmarks/%s.md are what was measured", async (name) => {
  await expect(withFigures(pageOf(name), reportOf(name))).toMatchFileSnapshot(`${folder}${name}.md`)
})

test.each(names)("docs/benchmarks/%s.md says what it was measured on, and shows a table", (name) => {
  expect(pageOf(name)).toContain("<!-- machine -->\nMeasured on: ")
  expect(pageOf(name)).toMatch(/<!-- figures: \S+( \d+)? -->\n\|/u)
})

describe("a page", () => {
  const report = (): Report => {
    const kept = reportOf("runs")
    const [section] = kept.sections
    if (!section) throw new Error("the figures of runs are kept")
    const tables = [{ title: "T", columns: ["", "µs"], rows: [["a|b", "1"]] }]
    return { ...kept, sections: [{ ...section, name: "part", tables }] }
  }

  test("has the table below its comment replaced, and nothing else", () => {
    const page = "Before.\n\n<!-- figures: part -->\n| old |\n|---|\n| 7 |\n\nAfter.\n"
    expect(withFigures(page, report())).toBe(
      "Before.\n\n<!-- figures: part -->\n|  | µs |\n|---|---:|\n| a\\|b | 1 |\n\nAfter.\n",
    )
  })

  test("that asks for a table which was not measured is told which part it was", () => {
    expect(() => withFigures("<!-- figures: part 2 -->\n", report())).toThrow("No table 2 of part")
    expect(() => withFigures("<!-- figures: other -->\n", report())).toThrow("No table 1 of other")
  })
})
