/** What is printed, drawn and judged. */
import { svgOf } from "../src/report/plot-svg.ts"
import { linesOf } from "../src/report/print-table.ts"
import { isMet, type Plot, shown, textOfTarget } from "../src/report/section.ts"

test("a target is met up to and including its figure, and says so", () => {
  const target = { name: "a delta", value: 3, max: 3, unit: "x" }
  expect(isMet(target)).toBe(true)
  expect(isMet({ ...target, value: 3.01 })).toBe(false)
  expect(isMet({ ...target, value: Number.NaN })).toBe(false)
  expect(textOfTarget({ ...target, value: 4 })).toBe("MISSED  a delta: 4.00x, at most 3x")
})

test("a figure is shown with how far the rounds lie apart", () => {
  expect(shown({ median: 2, min: 1.5, max: 3.25 })).toBe("2.00 (1.50–3.25)")
})

test("columns of a table stand below each other", () => {
  const lines = linesOf({
    title: "T",
    columns: ["", "µs"],
    rows: [
      ["a", "1"],
      ["long", "22.5"],
    ],
  })
  expect(lines).toEqual(["  T", "", "          µs", "  ----  ----", "  a        1", "  long  22.5"])
})

describe("a plot", () => {
  const spread = (median: number) => ({ median, min: median / 2, max: median * 2 })
  const plot: Plot = {
    name: "p",
    title: "CPU <of> this & that",
    unit: "µs",
    groups: ["1", "16"],
    series: [
      { name: "ours", values: [spread(3), spread(10)] },
      { name: "theirs", values: [spread(4), spread(20)] },
    ],
  }

  test("has a bar for each value, and nothing that ends the text too early", () => {
    const svg = svgOf(plot)
    // The background, two squares of the legend, four bars.
    expect(svg.match(/<rect /g)).toHaveLength(7)
    expect(svg).toContain("CPU &lt;of> this &amp; that (µs)")
    expect(svg).not.toContain("NaN")
  })

  test("keeps every bar and its line within its frame", () => {
    const svg = svgOf(plot)
    const height = Number(/height="(\d+)"/.exec(svg)?.[1])
    for (const [, y] of svg.matchAll(/ y[12]?="(-?[\d.]+)"/g)) {
      expect(Number(y)).toBeGreaterThanOrEqual(0)
      expect(Number(y)).toBeLessThanOrEqual(height)
    }
  })
})
