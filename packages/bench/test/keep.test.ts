/** What a bench came to is kept: its figures, its plots, its page and the page about all. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { keepJson, keepPages, keepPlots } from "../src/report/keep.ts"
import type { Report } from "../src/report/overview.ts"
import type { Section } from "../src/report/section.ts"

const spread = { median: 1, min: 1, max: 1 }
const section: Section = {
  name: "part",
  title: "A part",
  tables: [{ title: "T", columns: ["", "µs"], rows: [["ours", "1"]] }],
  notes: [],
  targets: [{ name: "ours", value: 1, max: 2, unit: "x" }],
  plots: [{ name: "a-plot", title: "A plot", unit: "µs", groups: ["1"], series: [{ name: "ours", values: [spread] }] }],
}
const machine = { cpu: "A CPU", cores: 2, memoryGb: 8, kernel: "6", node: "v20", redis: "7", load: ["0", "0", "0"] }
const report: Report = { machine, loadAfter: ["1", "1", "1"], sections: [section] }

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-keep-"))
  keepJson(join(folder, "runs.json"), report)
})
afterEach(() => rmSync(folder, { recursive: true }))

test("figures and plots lie in the folder, and the pages say what they say", () => {
  writeFileSync(join(folder, "runs.md"), "Words.\n\n<!-- figures: part -->\n| old |\n\nMore words.\n")
  keepPlots(folder, report)
  keepPages(folder, "runs", ["redis", "runs"])
  expect(readdirSync(folder).sort()).toEqual(["README.md", "a-plot.svg", "runs.json", "runs.md"])
  const page = readFileSync(join(folder, "runs.md"), "utf8")
  expect(page).toBe("Words.\n\n<!-- figures: part -->\n|  | µs |\n|---|---:|\n| ours | 1 |\n\nMore words.\n")
  const overview = readFileSync(join(folder, "README.md"), "utf8")
  expect(overview).toContain("| `runs` | ours | 1.00x | at most 2x | met |")
  expect(overview).toContain("No figures are kept yet of `redis`.")
})

test("a page that shows what was not measured stays as it was, and that is said", () => {
  const page = "<!-- figures: other -->\n| old |\n"
  writeFileSync(join(folder, "runs.md"), page)
  expect(() => keepPages(folder, "runs", ["runs"])).toThrow("No table 1 of other")
  expect(readFileSync(join(folder, "runs.md"), "utf8")).toBe(page)
})
