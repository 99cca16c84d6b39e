/** What the command line asks for, as `--help` says it, or why it cannot be done. */
import { basename, dirname, extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { abouts, withoutTargets } from "../abouts.ts"
import type { Parts } from "../run-bench.ts"

type Benches = Readonly<Record<string, Parts>>

export interface Chosen {
  readonly name: string
  readonly parts: Parts
  readonly json: string | undefined
}

export type Asked =
  | { readonly ask: "help" }
  | { readonly ask: "list" }
  | { readonly ask: "refuse"; readonly why: string }
  | {
      readonly ask: "run"
      readonly chosen: readonly Chosen[]
      /** `all`: at the smallest size that says anything, and only what is held to a target. */
      readonly quick: "no" | "yes" | "all"
      readonly only: readonly string[]
      readonly plots: string | undefined
      /** The folder whose pages are to say what was measured. */
      readonly docs: string | undefined
      readonly seed: number | undefined
    }

export function readAsked(args: readonly string[], benches: Benches): Asked {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
    if (values.help) return { ask: "help" }
    if (values.list) return { ask: "list" }
    const { quick: isQuick = false, only = [], docs: isForDocs = false } = values
    if (isForDocs) refuseForDocs(values)
    const docs = isForDocs ? docsFolder : undefined
    const { json = docs, plots = docs } = values
    const names = positionals.length > 0 ? positionals : Object.keys(benches)
    const chosen = names.map((name) => ({
      name,
      parts: mustGetParts(benches, name),
      json: fileFor(json, name, docs !== undefined || names.length > 1),
    }))
    const unknown = only.find((part) => !chosen.some(({ parts }) => part in parts))
    if (unknown !== undefined) throw new Error(`there is no part ${unknown}; --list says which there are`)
    const some = chosen.filter(({ parts }) => only.length === 0 || only.some((part) => part in parts))
    const quick = !isQuick ? "no" : positionals.length === 0 && only.length === 0 ? "all" : "yes"
    const judged = quick === "all" ? some.map((one) => ({ ...one, parts: judgedOf(one.parts) })) : some
    return { ask: "run", chosen: judged, quick, only, plots, docs, seed: seedIn(values.seed) }
  } catch (error) {
    return { ask: "refuse", why: error instanceof Error ? error.message : String(error) }
  }
}

const judgedOf = (parts: Parts): Parts =>
  Object.fromEntries(Object.entries(parts).filter(([name]) => !withoutTargets.has(name)))

function seedIn(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new Error(`--seed is a whole number, such as 7, and not ${text}`)
}

/** What is kept is whole, and lies where the pages look for it. */
function refuseForDocs(values: Readonly<Record<string, unknown>>): void {
  const other = ["quick", "only", "json", "plots"].find((name) => values[name] !== undefined)
  if (other !== undefined) throw new Error(`--docs keeps whole benches in docs/benchmarks: without --${other}`)
}

const docsFolder: string = fileURLToPath(new URL("../../../../docs/benchmarks", import.meta.url))

const options = {
  json: { type: "string" },
  plots: { type: "string" },
  docs: { type: "boolean" },
  quick: { type: "boolean" },
  only: { type: "string", multiple: true },
  seed: { type: "string" },
  list: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const

function mustGetParts(benches: Benches, name: string): Parts {
  const parts = benches[name]
  if (!parts) throw new Error(`there is no bench ${name}; there are ${Object.keys(benches).join(", ")}`)
  return parts
}

/** Several benches have a file each: `figures.json` becomes `figures-redis.json`, and a folder's are named for them. */
function fileFor(json: string | undefined, name: string, isOneOfSeveral: boolean): string | undefined {
  if (json === undefined || !isOneOfSeveral) return json
  const ending = extname(json)
  return ending === "" ? join(json, `${name}.json`) : join(dirname(json), `${basename(json, ending)}-${name}${ending}`)
}

const wide = 12

const linesOfBenches = (benches: Benches): string[] =>
  Object.keys(benches).map((name) => `  ${name.padEnd(wide)}${abouts[name] ?? ""}`)

export const listOf = (benches: Benches): string =>
  Object.entries(benches)
    .flatMap(([name, parts]) => [
      `${name.padEnd(wide)}${abouts[name] ?? ""}`,
      `${"".padEnd(wide)}parts: ${Object.keys(parts).join(", ")}`,
    ])
    .join("\n")

export const helpOf = (benches: Benches): string => `Measures Everthread beside the nearest thing that does less.

  npm run bench                            everything, as docs/benchmarks shows it; about thirty-five minutes
  npm run bench -- --quick                 everything that has a target at a small size, in less than three minutes
  npm run bench -- --docs                  everything, and docs/benchmarks written anew, each bench as soon as it is done
  npm run bench -- NAME                    one bench:

${linesOfBenches(benches).join("\n")}

  npm run bench -- redis --only delivery   one part; as often as needed
  npm run bench -- --list                  the parts of each

Options:
  --quick         fewer operations, cases and rounds: enough to see what broke, too little to quote
  --only NAME     this part; may be given several times
  --seed N        churn: the first of its seeds
  --json FILE     the figures as JSON as well; with several benches a folder
  --plots FOLDER  the plots as SVG as well
  --docs          the figures, plots and pages in docs/benchmarks; also of one bench: bench -- runs --docs
  --list          what there is
  --help          this text

How to read it: figures are the medians of rounds in which the sides alternate, with the least and the most behind them. Believe
a ratio before a time: both sides of a ratio had the same machine at the same moment. CPU is what a process says it took,
so waiting is not in it. Where a table says who was busy, a share near 1 is a process that could not have done more.

It starts servers of its own on free ports and needs redis-server on the PATH. It ends with 1 when a figure misses its target,
2 when it does not understand what is asked. Other work on the machine makes every figure worse: leave it alone meanwhile.`
