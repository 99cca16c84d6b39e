/**
 * Keeps what a bench came to, as soon as it is done: of a whole run that ends early, what came before is kept.
 *
 * In a folder of figures the JSON of each bench is what everything else there is made from.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { withFigures } from "./figures.ts"
import { overviewOf, type Report } from "./overview.ts"
import { svgOf } from "./plot-svg.ts"

export function keepJson(file: string, report: Report): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
}

export function keepPlots(folder: string, { sections }: Report): void {
  mkdirSync(folder, { recursive: true })
  for (const plot of sections.flatMap(({ plots }) => plots))
    writeFileSync(join(folder, `${plot.name}.svg`), svgOf(plot))
}

/**
 * Writes the tables of the bench's own page, and the page about all of them.
 *
 * @param names of all benches, in the order in which the page has them.
 * @throws Error where the bench's page shows a table that was not measured; that page stays as it was.
 */
export function keepPages(folder: string, name: string, names: readonly string[]): void {
  const reports = new Map(names.map((each) => [each, reportIn(folder, each)]))
  writeFileSync(join(folder, "README.md"), overviewOf(reports))
  const [page, report] = [join(folder, `${name}.md`), reports.get(name)]
  if (report && existsSync(page)) writeFileSync(page, withFigures(readFileSync(page, "utf8"), report))
}

function reportIn(folder: string, name: string): Report | undefined {
  const file = join(folder, `${name}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined
}
