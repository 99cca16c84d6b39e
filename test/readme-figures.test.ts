/**
 * What the two front pages say in figures was measured: whatever looks like a time, a size, a share or a rate stands in a line that
 * leads to a page of docs/benchmarks, and that page has the same figure.
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../", import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, "utf8")

const number = /(?:\d[\d,.]*|quarter of an?|half an?|two|three|five|ten|fifteen|[一二三五十百千万半两]+)/.source
const unit =
  /(?:[µmn]s|seconds?|minutes?|hours?|[kKMG]i?B|bytes|%|times (?:as|faster|less|more)|[a-z]+ a second|毫秒|秒|分钟|小时|倍|字节)/
    .source
const figure = new RegExp(`${number}[ -]?${unit}(?![\\w-])`, "g")

const prose = (page: string) => page.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "")

/** @returns the figures of a page that no page of measurements has. */
function unfounded(page: string): string[] {
  return prose(page)
    .split("\n")
    .flatMap((line) => {
      const measured = [...line.matchAll(/\]\((docs\/benchmarks\/[\w.-]+\.md)[^)]*\)/g)].map(([, path = ""]) =>
        read(path),
      )
      return [...line.matchAll(figure)]
        .map(([found]) => found)
        .filter((found) => !measured.some((text) => text.includes(found)))
    })
}

test.each(["README.md", "README.zh-CN.md"])("%s has no figure that nobody has measured", (page) => {
  expect(unfounded(read(page))).toEqual([])
})

/** @returns the numbers of tables that lead to a page of measurements, and that page has them not. */
function unmeasured(page: string): string[] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => {
      const [, path] = /\]\((docs\/benchmarks\/[\w.-]+\.md)[^)]*\)/.exec(line) ?? []
      // The first cell says what was asked for; what was measured stands in the next two.
      const [, , ours = "", theirs = ""] = line.split("|")
      const numbers = `${ours} ${theirs}`.match(/\d[\d.]*\d|\d/g) ?? []
      return path === undefined ? [] : numbers.filter((number) => !hasNumber(read(path), number))
    })
}

/** As a number of its own: 7.4 is not in 17.42. */
const hasNumber = (text: string, number: string) =>
  new RegExp(`(?<![\\d.,])${number.replaceAll(".", "\\.")}(?![\\d]|[.,]\\d)`).test(text)

test.each(["README.md", "README.zh-CN.md"])(
  "%s has a table of what was measured, and the numbers are those",
  (page) => {
    expect(read(page)).toMatch(/^\|.*\]\(docs\/benchmarks\/delivery\.md/m)
    expect(unmeasured(read(page))).toEqual([])
  },
)

test("a number of a table counts where its page has it, and only whole", () => {
  const row = (ours: string) => `| what | ${ours} | | [how](docs/benchmarks/churn.md) |`
  expect(unmeasured(row("18648"))).toEqual([])
  expect(unmeasured(row("8648"))).toEqual(["8648"])
  expect(unmeasured(`${row("18648.5")}\n| other | 7 | | no page |`)).toEqual(["18648.5"])
})

test("a figure is found, in words too, and counts where its page has it", () => {
  expect(unfounded("It takes 12 ms, a quarter of a minute, 40 % and 3.5 MB.")).toHaveLength(4)
  expect(unfounded("只要十五秒")).toHaveLength(1)
  expect(unfounded("117–120 bytes ([how](docs/benchmarks/redis.md))")).toEqual([])
  expect(unfounded("Node.js 20.19 or newer, on port 8765, `--ttl 1h`")).toEqual([])
})
