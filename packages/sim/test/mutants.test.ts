/** Each deliberate mistake is found: a checker that finds nothing proves nothing. */
import { hunt } from "../src/mutants/hunt.ts"
import { mutants } from "../src/mutants/mutants.ts"
import { describeFinding } from "../src/play/play.ts"

test("there are at least twelve, each with a name of its own", () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  expect(mutants.length).toBeGreaterThanOrEqual(12)
})

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))("it is found: %s", async (_, mutant) => {
  const caught = await hunt(mutant)
  expect(caught).toBeDefined()
  if (process.env["SIM_REPORT"] && caught) {
    process.stdout.write(`${mutant.name}: seed ${caught.seed}, ${describeFinding(caught.finding)}\n`)
  }
})
