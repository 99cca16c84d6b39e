/**
 * The page about all benches, made from the figures that are kept beside it: nobody copies a figure by hand, so none is
 * there that was not measured.
 */
import { abouts } from "../abouts.ts"
import type { Machine } from "../machine.ts"
import { cellsOf, placeOf } from "./figures.ts"
import type { Section, Target } from "./section.ts"

/** What a bench writes as JSON. */
export interface Report {
  readonly machine: Machine
  readonly loadAfter: readonly string[]
  readonly isQuick?: boolean
  readonly sections: readonly Section[]
}

/** @param reports by the bench's name; `undefined` where none is kept. */
export function overviewOf(reports: ReadonlyMap<string, Report | undefined>): string {
  const kept = [...reports].flatMap(([name, report]) => (report ? [{ name, report }] : []))
  const missing = [...reports].flatMap(([name, report]) => (report ? [] : [name]))
  return [
    intro,
    "## What is measured",
    "",
    "| bench | about |",
    "|---|---|",
    ...[...reports.keys()].map((name) => `| ${linkOf(name, reports)} | ${abouts[name] ?? ""} |`),
    "",
    how,
    "## All targets",
    "",
    totalsOf(kept.flatMap(({ report }) => targetsIn(report))),
    "",
    "| bench | target | measured | wanted | |",
    "|---|---|---:|---:|---|",
    ...kept.flatMap(({ name, report }) => targetsIn(report).map((target) => rowOf(name, target))),
    "",
    ...(missing.length === 0
      ? []
      : [`No figures are kept yet of ${missing.map((name) => `\`${name}\``).join(", ")}.`, ""]),
    "## On what",
    "",
    ...kept.map(({ name, report }) => `- \`${name}\`: ${placeOf(report)}`),
    "",
    "## Plots",
    "",
    ...kept
      .flatMap(({ report }) => report.sections.flatMap(({ plots }) => plots))
      .map(({ name, title }) => `![${title}](${name}.svg)`),
    "",
  ].join("\n")
}

const intro = `# Benchmarks

What Everthread costs beside the nearest thing that does less, and how long people wait.

\`\`\`sh
npm run bench -- --quick         # everything that has a target, at a small size, in less than three minutes
npm run bench                    # everything, in about thirty-five minutes
npm run bench -- --list          # what there is
npm run bench -- --docs          # everything, and what is kept in this folder written anew
npm run bench -- resume --docs   # one bench of it
\`\`\`

Each bench is kept as soon as it is done: its JSON, its plots, the tables on its page, and this page, which is made from the JSON files.
What the pages say in sentences stays, and is to be read again after that. It takes two cores, 8 GB of memory and 12,000 open files
(\`ulimit -n\`).
`

const how = `Each bench starts its servers, its nodes and its devices as processes of its own, on free ports, and ends with 1 when a target is
missed. The sides of a comparison alternate, in five rounds (\`--quick\` of one bench: three, of all: two); a figure is the median of them, and a ratio the median
of the rounds' ratios, so that what slowed a whole round down counts for neither side. CPU is what a process says it has taken, so
that waiting is not in it. The devices count bytes and take nothing apart, and each table says how busy they were: they are not to be
the bottleneck. **Believe ratios before times:** the machine has two cores, and the load beside each bench says who else was on them.
`

function linkOf(name: string, reports: ReadonlyMap<string, Report | undefined>): string {
  return reports.get(name) ? `[\`${name}\`](${name}.md)` : `\`${name}\``
}

const targetsIn = ({ sections }: Report): Target[] => sections.flatMap(({ targets }) => targets)

function totalsOf(targets: readonly Target[]): string {
  const met = targets.filter((target) => !isMissed(target))
  return `${met.length} of ${targets.length} are met. Where one is missed, the page of its bench says why.`
}

const isMissed = (target: Target) => cellsOf(target).at(-1) !== "met"

const rowOf = (bench: string, target: Target) => `| \`${bench}\` | ${cellsOf(target).join(" | ")} |`
