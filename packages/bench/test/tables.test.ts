/** Tables fit a terminal, by breaking what is long. */
import { columnsMax, linesOf } from "../src/report/print-table.ts"

test("a table that is too wide names each case once, and breaks its columns' names", () => {
  const cells = ["1.00", "2.00"]
  const figures = (times: number) => Array.from({ length: times }, () => cells).flat()
  const columns = ["", ...Array.from({ length: 10 }, (_, at) => `a long name of column ${at}`)]
  const rows = [
    ["a case: ours", ...figures(5)],
    ["a case: theirs", ...figures(5)],
    ["alone", ...figures(5)],
  ]
  const lines = linesOf({ title: "T", columns, rows })
  expect(lines.slice(-4).map((line) => line.trim().split(/\s+/).slice(0, 2))).toEqual([
    ["a", "case:"],
    ["ours", "1.00"],
    ["theirs", "1.00"],
    ["alone", "1.00"],
  ])
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columnsMax)
  expect(lines.join("\n")).not.toContain("a long name of")
})
