/** What the command line of the bench understands, and how it ends. */
import { abouts, withoutTargets } from "../src/abouts.ts"
import { benches } from "../src/benches.ts"
import { helpOf, listOf, readAsked } from "../src/quick/options.ts"
import { progressOn } from "../src/quick/progress.ts"
import { conclude } from "../src/report/conclude.ts"
import type { Section, Target } from "../src/report/section.ts"

const names = Object.keys(benches)

describe("what is asked", () => {
  test("without a name it is every bench, with one it is that", () => {
    const all = readAsked([], benches)
    expect(all).toMatchObject({
      ask: "run",
      quick: "no",
      chosen: names.map((name) => ({ name, parts: benches[name] })),
    })
    expect(readAsked(["runs", "--quick"], benches)).toMatchObject({ quick: "yes", chosen: [{ name: "runs" }] })
  })

  test("everything quickly is every bench, without the parts that have no target", () => {
    const all = readAsked(["--quick"], benches)
    if (all.ask !== "run") throw new Error("it is understood")
    expect([all.quick, all.chosen.map(({ name }) => name)]).toEqual(["all", names])
    const parts = all.chosen.flatMap(({ parts }) => Object.keys(parts))
    expect(parts).toContain("takeover")
    expect(parts.filter((name) => withoutTargets.has(name))).toEqual([])
  })

  test("a part by its name runs the bench that has it and no other", () => {
    expect(readAsked(["--only", "takeover"], benches)).toMatchObject({ chosen: [{ name: "runs" }] })
  })

  test("several benches have a file each, one has the file that was named", () => {
    const filesOf = (args: readonly string[]) => {
      const asked = readAsked(args, benches)
      return asked.ask === "run" ? asked.chosen.map(({ json }) => json) : asked
    }
    expect(filesOf(["runs", "--json", "figures.json"])).toEqual(["figures.json"])
    expect(filesOf(["redis", "runs", "--json", "out"])).toEqual(["out/redis.json", "out/runs.json"])
    expect(filesOf(["redis", "runs", "--json", "a/f.json"])).toEqual(["a/f-redis.json", "a/f-runs.json"])
  })

  test("what is kept for the pages is whole, and lies where they are made from it", () => {
    const asked = readAsked(["runs", "--docs"], benches)
    if (asked.ask !== "run") throw new Error("it is understood")
    expect(asked.docs).toMatch(/docs.benchmarks$/)
    expect([asked.plots, asked.chosen.map(({ json }) => json)]).toEqual([asked.docs, [`${asked.docs}/runs.json`]])
    for (const other of [["--quick"], ["--only", "tokens"], ["--json", "a"], ["--plots", "a"]])
      expect(readAsked(["--docs", ...other], benches)).toMatchObject({ ask: "refuse" })
  })

  test("what does not exist is refused by its name", () => {
    expect(readAsked(["nope"], benches)).toMatchObject({ ask: "refuse", why: expect.stringContaining("nope") })
    expect(readAsked(["--only", "nope"], benches)).toMatchObject({
      ask: "refuse",
      why: expect.stringContaining("nope"),
    })
    expect(readAsked(["--nope"], benches)).toMatchObject({ ask: "refuse", why: expect.stringContaining("--nope") })
  })
})

test("help and list name every bench and say what it is about", () => {
  for (const name of names) {
    expect(abouts[name], name).toBeDefined()
    expect(helpOf(benches)).toContain(`  ${name} `)
    for (const part of Object.keys(benches[name] ?? {})) expect(listOf(benches)).toContain(part)
  }
})

describe("the conclusion", () => {
  const sectionWith = (...targets: Target[]): Section => ({
    name: "",
    title: "",
    tables: [],
    notes: [],
    targets,
    plots: [],
  })
  const fanOut: Target = { name: "fan-out", brief: "fan-out # Socket.IO", value: 9.1, min: 8, unit: "x" }
  const resume: Target = { name: "resume", value: 61, max: 50, unit: " ms" }

  test("is one line of figures with their names and what is wanted", () => {
    const { isGood, lines } = conclude([sectionWith(fanOut), sectionWith({ ...resume, value: 40 })])
    expect(isGood).toBe(true)
    expect(lines.at(-1)).toBe("all 2 met: fan-out 9.10x Socket.IO (8) · resume 40.00 ms (50)")
  })

  test("says what was missed, also what could not be measured at all", () => {
    const { isGood, lines } = conclude([sectionWith({ ...fanOut, value: Number.NaN }, resume)])
    expect(isGood).toBe(false)
    expect(lines.at(-1)).toBe("2 of 2 missed: MISSED fan-out NaNx Socket.IO (8) · MISSED resume 61.00 ms (50)")
  })

  test("says how long each part took, and all of them", () => {
    const timed = [90, 35].map((seconds, at) => ({ ...sectionWith(), name: `part-${at}`, seconds }))
    expect(conclude(timed).lines[0]).toBe("Took 2 min 5 s: part-0 90 s · part-1 35 s")
  })

  test("says so where nothing has a target", () => {
    expect(conclude([sectionWith()])).toEqual({ isGood: true, lines: ["None of this is held to a target."] })
  })
})

test("progress is one line on a terminal and a line for each part elsewhere", () => {
  const clock = { monotonic: () => 0 } as Parameters<typeof progressOn>[1]
  const said = (isTTY: boolean) => {
    let text = ""
    const say = progressOn({ isTTY, columns: 20, write: (more) => (text += more) }, clock)
    for (const each of ["a: 1 of a very long way to go", "a: 2", "", "b: 1"]) say(each)
    return text
  }
  expect(said(false)).toBe("… a (0 s)\n… b (0 s)\n")
  expect(said(true)).not.toContain("\n")
  for (const line of said(true).split("\r\x1b[K")) expect(line.length).toBeLessThan(20)
})
