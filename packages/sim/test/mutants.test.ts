/** Deliberate mistakes are found: `npm run sim -- --mutants` looks for all of them, these are the quick ones. */
import { hunt } from "../src/mutants/hunt.ts"
import { mutants } from "../src/mutants/mutants.ts"

const quick = [
  "a claim takes the run off the list",
  "no rewind",
  "an acknowledgement before it is stored",
  "each node knows only the repeats that it has seen itself",
  "whoever comes back is given one entry too few",
  "what is published is believed to follow",
]

test("there are at least twelve, each with a name of its own", () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  expect(mutants.length).toBeGreaterThanOrEqual(12)
})

test.each(quick)("it is found: %s", async (name) => {
  const mutant = mutants.find((one) => one.name === name)
  expect(mutant && (await hunt(mutant))).toBeDefined()
})
