/** docs/evidence.md says what shows each rule of SPEC.md, and SPEC.md leads there. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { nemeses } from "../packages/chaos/src/nemesis/all.ts"
import { mutants } from "../packages/sim/src/mutants/mutants.ts"
import { lawsIn } from "./support/evidence/laws.ts"
import { evidencePage } from "./support/evidence/page.ts"
import { linked, rulesIn } from "./support/evidence/rules.ts"
import { titlesIn } from "./support/evidence/titles.ts"

const root = fileURLToPath(new URL("../", import.meta.url))
const spec = readFileSync(`${root}SPEC.md`, "utf8")
const rules = rulesIn(spec)
const evidence = { rules, titles: titlesIn(root), laws: lawsIn(root), mutants, nemeses }

// After a rule, a test's title, a law, a mutant or a nemesis has changed: npx vitest run test/evidence -u

test("docs/evidence.md says what there is", async () => {
  await expect(evidencePage(evidence)).toMatchFileSnapshot("../docs/evidence.md")
})

test("each rule of SPEC.md leads to its evidence", async () => {
  await expect(linked(spec)).toMatchFileSnapshot("../SPEC.md")
})

test("whatever is named as a rule is one: by a law, and by a mutant", () => {
  const known = new Set(rules.map(({ id }) => id))
  const named = [...evidence.laws.flatMap((law) => law.rules), ...mutants.flatMap(({ breaks }) => breaks)]
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((id) => !known.has(id))).toEqual([])
})

test("each law names a rule, or says what people expect anyway", () => {
  expect(evidence.laws.filter((law) => law.rules.length === 0)).toEqual([])
})
