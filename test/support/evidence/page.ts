/** What docs/evidence.md says: for each rule of SPEC.md everything that shows it. */
import type { Law } from "./laws.ts"
import type { Rule } from "./rules.ts"
import type { Titled } from "./titles.ts"

export interface Evidence {
  readonly rules: readonly Rule[]
  readonly titles: readonly Titled[]
  readonly laws: readonly Law[]
  readonly mutants: readonly { readonly name: string; readonly breaks: readonly string[] }[]
  readonly nemeses: readonly { readonly name: string; readonly about: string }[]
}

const head = `# What shows each promise

For each rule of [SPEC.md](../SPEC.md): the tests that carry its number, the laws of the checker that guard it, and the deliberate
mistakes about it that have to be found. This page is made from them: \`npx vitest run test/evidence -u\` after a test was added
or renamed, and a test fails where it is out of date.

- **Contract** tests are run by every engine: embedded, Redis in each of its topologies, and the store of the simulation.
- **Faults** are tests that start, freeze, cut off and kill real processes ([faults.md](faults.md)).
- A **law** is looked for in everything that devices saw: in each seed of the simulation (\`npm run sim\`, [sim.md](sim.md)), in the faults, and
  under each nemesis of \`packages/chaos\`, which stand at the end of this page.
- A **mutant** is a deliberate mistake that \`npm run sim -- --mutants\` has to find, or what is found proves nothing.
`

export function evidencePage(evidence: Evidence): string {
  const rules = evidence.rules.map((rule) => section(rule, evidence))
  const nemeses = evidence.nemeses.map(({ name, about }) => `- \`${name}\`: ${about}`)
  return `${[head, ...rules, ["## The nemeses", "", ...nemeses, ""].join("\n")].join("\n")}`
}

function section({ id, text }: Rule, { titles, laws, mutants }: Evidence): string {
  const own = titles.filter(({ rule }) => rule === id)
  const files = [...new Set(own.map(({ path }) => path))].map((path) => fileLine(path, own))
  const guards = laws.filter(({ rules }) => rules.includes(id))
  const lawLines = guards.map(({ name, path }) => `- Law *${name}*: ${link(path)}`)
  const mutantLines = mutants.filter(({ breaks }) => breaks.includes(id)).map(({ name }) => `- Mutant: ${name}`)
  return [`## ${id}`, "", `> ${text.replaceAll("](docs/", "](")}`, "", ...files, ...lawLines, ...mutantLines, ""].join(
    "\n",
  )
}

function fileLine(path: string, own: readonly Titled[]): string {
  const titles = [...new Set(own.filter((one) => one.path === path).map(({ title }) => title))].filter(Boolean)
  const said = titles.map((title) => `\n  - ${escaped(title)}`).join("")
  return `- ${kindOf(path)}${link(path)}${said}`
}

function kindOf(path: string): string {
  if (path.includes("/contract/")) return "Contract: "
  return path.startsWith("test/faults/") ? "Faults: " : ""
}

const link = (path: string): string => `[${path}](../${path})`
const escaped = (title: string): string => title.replace(/[<>*_|[\]]/g, "\\$&")
