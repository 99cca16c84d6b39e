/** Plots: what is kept is drawn from the figures beside it, and what is drawn can be read. */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { benches } from "../src/benches.ts"
import type { Report } from "../src/report/overview.ts"
import { scaleOf } from "../src/report/plot-scale.ts"
import { svgOf } from "../src/report/plot-svg.ts"
import type { Plot } from "../src/report/section.ts"

const folder = fileURLToPath(new URL("../../../docs/benchmarks/", import.meta.url))
const plots = Object.keys(benches)
  .filter((name) => existsSync(`${folder}${name}.json`))
  .map((name) => JSON.parse(readFileSync(`${folder}${name}.json`, "utf8")) as Report)
  .flatMap(({ sections }) => sections.flatMap((section) => section.plots))

// After a change of how plots are drawn: npx vitest run packages/bench/test/plots -u
test.each(plots)("docs/benchmarks/$name.svg is what was measured", async (plot) => {
  await expect(svgOf(plot)).toMatchFileSnapshot(`${folder}${plot.name}.svg`)
})

const spread = (median: number) => ({ median, min: median / 2, max: median * 2 })

describe("a scale", () => {
  test("begins at nothing, and ends above all that was seen, at figures that are easy to read", () => {
    const scale = scaleOf([spread(2), spread(10.4)])
    expect(scale.lines).toEqual([0, 10, 20, 30])
    expect(scale.at(15)).toBe(0.5)
  })

  test("goes by tens where a bar would be less than a hundredth of another", () => {
    expect(scaleOf([spread(10), spread(1000)]).isLogarithmic).toBe(false)
    const scale = scaleOf([spread(2.5), spread(2300)])
    expect(scale.isLogarithmic).toBe(true)
    expect(scale.lines).toEqual([1, 10, 100, 1000, 10_000])
    expect([0, 1, 100].map(scale.at)).toEqual([0, 0, 0.5])
  })
})

test("a group's name that is too long for its room is broken, and what was not measured takes no room", () => {
  const groups = Array.from({ length: 6 }, (_, at) => `${at} runs of 100 tokens a second`)
  const one = (name: string, at: number) => ({
    name,
    values: groups.map((_, group) => (group === at ? spread(1) : undefined)),
  })
  const plot: Plot = { name: "p", title: "P", unit: "µs", groups, series: [one("ours", 0), one("theirs", 1)] }
  const svg = svgOf(plot)
  expect(svg).not.toContain("0 runs of 100 tokens a second")
  // One bar in each of two groups, each as wide as may be.
  expect(svg.match(/width="64.8"/g)).toHaveLength(2)
})
