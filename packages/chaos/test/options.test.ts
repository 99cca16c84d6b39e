/** What can be asked of `npm run chaos`, and what is said where it cannot. */
import { nemeses } from "../src/nemesis/all.ts"
import { readOptions, usage } from "../src/run/options.ts"

test("without arguments it is a minute on one Redis with three nodes and all that can go wrong, by a seed of its own", () => {
  const { seed, ...options } = readOptions([])
  expect(options).toEqual({ seconds: 60, stores: ["redis"], nodes: 3, only: [], out: undefined, mode: "run" })
  expect(seed).toBeGreaterThan(0)
})

test("everything can be said", () => {
  const args = "--minutes 3 --seed 7 --store all --nodes 5 --only kill-node,pause-store --out there".split(" ")
  expect(readOptions(args)).toEqual({
    seconds: 180,
    seed: 7,
    stores: ["redis", "sentinel", "cluster", "embedded"],
    nodes: 5,
    only: ["kill-node", "pause-store"],
    out: "there",
    mode: "run",
  })
  expect(readOptions(["--help"]).mode).toBe("help")
  expect(readOptions(["--list"]).mode).toBe("list")
})

test.each([
  [["--seconds", "0"], "--seconds has to be a whole number"],
  [["--seconds", "1", "--minutes", "1"], "not both"],
  [["--store", "oracle"], "redis, sentinel, cluster, embedded or all"],
  [["--only", "kill-all"], "kill-node"],
  [["--nodes", "many"], "--nodes has to be a whole number from 1 to 9"],
  [["--sedd", "1"], "--sedd"],
])("%j is refused, with what would be right", (args, said) => {
  expect(() => readOptions(args)).toThrow(said)
})

test("names tell nemeses apart, and can be typed", () => {
  const names = nemeses.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

test("the help is a page that fits a terminal", () => {
  for (const line of usage.split("\n")) expect(line.length).toBeLessThan(110)
})
