/** What can be asked of `npm run sim`, and what is said where it cannot. */
import { readOptions, usage } from "../src/cli/options.ts"

test("without arguments it is 500 seeds from the first", () => {
  expect(readOptions([])).toMatchObject({ from: 1, seeds: 500, mutants: false, help: false })
})

test("help is given where it is asked for, and fits a terminal", () => {
  expect([readOptions(["--help"]).help, readOptions(["-h"]).help]).toEqual([true, true])
  for (const line of usage.split("\n")) expect(line.length).toBeLessThan(110)
})

test.each([
  [["--seeds", "many"], "--seeds has to be a whole number above 0"],
  [["--sedds", "1"], "--sedds"],
])("%j is refused, with what would be right", (args, said) => {
  expect(() => readOptions(args)).toThrow(said)
})
