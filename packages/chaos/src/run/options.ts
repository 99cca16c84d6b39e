/** What `npm run chaos -- …` takes. */
import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"
import type { StoreKind } from "../deployment/deployment.ts"
import { nemeses } from "../nemesis/all.ts"

export interface ChaosOptions {
  /** For how long things go wrong, in all. */
  readonly seconds: number
  readonly seed: number
  readonly stores: readonly StoreKind[]
  readonly nodes: number
  /** Names of nemeses; empty: all. */
  readonly only: readonly string[]
  /** Where the record goes. */
  readonly out: string | undefined
  readonly mode: "run" | "list" | "help"
}

const storeKinds: readonly StoreKind[] = ["redis", "sentinel", "cluster", "embedded"]
const seedMax = 2 ** 31
const nodesMax = 9

export const usage = `Starts real nodes on a real store in processes of their own, lets people write to each other and ask
an agent, breaks nodes, servers and the network meanwhile, mends all, and holds what every device was
shown against what is promised.

npm run chaos                              60 seconds on one Redis with three nodes
npm run chaos -- --seconds 20              for so long
npm run chaos -- --minutes 30              in rounds of a minute, each of them judged
npm run chaos -- --store sentinel          redis, sentinel, cluster, embedded, or all of them in turn
npm run chaos -- --nodes 5                 so many nodes; an embedded store has one
npm run chaos -- --seed 7                  the same people, the same faults at the same times
npm run chaos -- --only kill-node,pause-store   nothing else goes wrong; none: nothing at all does
npm run chaos -- --out chaos-report        keeps history.jsonl, and report.html to look at
npm run chaos -- --list                    what can go wrong, and why some of it cannot here

It ends with 0 where nothing was found, with 1 where something was, and with 2 for wrong arguments.
Ctrl-C heals everything and judges what there is; a second one ends it at once.`

/** @throws Error in words, for a wrong argument. */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string" },
      minutes: { type: "string" },
      seed: { type: "string" },
      store: { type: "string", default: "redis" },
      nodes: { type: "string", default: "3" },
      only: { type: "string", default: "" },
      out: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  })
  return {
    seconds: secondsOf(values.seconds, values.minutes),
    seed: values.seed === undefined ? randomInt(1, seedMax) : whole("seed", values.seed, seedMax),
    stores: storesOf(values.store),
    nodes: whole("nodes", values.nodes, nodesMax),
    only: onlyOf(values.only),
    out: values.out,
    mode: values.help ? "help" : values.list ? "list" : "run",
  }
}

function secondsOf(seconds: string | undefined, minutes: string | undefined): number {
  if (seconds !== undefined && minutes !== undefined) throw new Error("there is --seconds or --minutes, and not both")
  if (minutes !== undefined) return 60 * whole("minutes", minutes, 7 * 24 * 60)
  return whole("seconds", seconds ?? "60", 7 * 24 * 3_600)
}

function storesOf(text: string): readonly StoreKind[] {
  if (text === "all") return storeKinds
  const kind = storeKinds.find((kind) => kind === text)
  if (kind) return [kind]
  throw new Error(`--store has to be one of ${storeKinds.join(", ")} or all, and is ${JSON.stringify(text)}`)
}

function onlyOf(text: string): readonly string[] {
  const names = text.split(",").filter((name) => name !== "")
  const known = [...nemeses.map(({ name }) => name), "none"]
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`--only knows no ${JSON.stringify(name)}; it knows ${known.join(", ")}`)
  }
  return names
}

function whole(name: string, text: string, most: number): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number
  throw new Error(`--${name} has to be a whole number from 1 to ${most}, and is ${JSON.stringify(text)}`)
}
