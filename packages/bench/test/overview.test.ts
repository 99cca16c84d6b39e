/** The page about all benches says what the figures beside it say. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { withoutTargets } from "../src/abouts.ts"
import { benches } from "../src/benches.ts"
import { overviewOf, type Report } from "../src/report/overview.ts"

const folder = fileURLToPath(new URL("../../../docs/benchmarks/", import.meta.url))
const names = Object.keys(benches)

function kept(name: string): Report | undefined {
  const file = `${folder}${name}.json`
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined
}

const page = () => overviewOf(new Map(names.map((name) => [name, kept(name)])))

test("docs/benchmarks/README.md is what the figures say", async () => {
  // After a bench has written figures: npx vitest run packages/bench/test/overview -u
  await expect(page()).toMatchFileSnapshot(`${folder}README.md`)
})

test("every page and every plot that it shows is there", () => {
  const links = [...page().matchAll(/\]\(([^)]+)\)/g)].map(([, file = ""]) => file)
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter((file) => !existsSync(`${folder}${file}`))).toEqual([])
})

test("the parts that are said to have no target are those whose figures have none", () => {
  const sections = names.flatMap((name) => kept(name)?.sections ?? [])
  const without = sections.filter(({ targets }) => targets.length === 0).map(({ name }) => name)
  expect(without.filter((name) => !withoutTargets.has(name))).toEqual([])
  expect(sections.filter(({ name, targets }) => targets.length > 0 && withoutTargets.has(name))).toEqual([])
})

test("a target that is missed, or could not be measured, is said to be", () => {
  const report = kept("runs")
  const [section] = report?.sections ?? []
  if (!report || !section) throw new Error("the figures of runs are kept")
  // As JSON has it.
  const none = JSON.parse("null") as number
  const targets = [
    { name: "a", value: 1, max: 2, unit: "x" },
    { name: "b", value: 3, max: 2, unit: "x" },
    { name: "c", value: none, min: 2, unit: "x" },
  ]
  const text = overviewOf(new Map([["runs", { ...report, sections: [{ ...section, targets }] }]]))
  expect(text).toContain("1 of 3 are met.")
  expect(text).toContain("| a | 1.00x | at most 2x | met |")
  expect(text).toContain("| b | 3.00x | at most 2x | **missed** |")
  expect(text).toContain("| c | could not be measured | at least 2x | **missed** |")
})
