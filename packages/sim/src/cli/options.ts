/** What `npm run sim -- …` takes. */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"

export interface SimOptions {
  readonly from: number
  readonly seeds: number
  readonly mutants: boolean
  readonly workers: number
  readonly help: boolean
}

export const usage = `Plays small deployments in virtual time, in which everything goes wrong, and holds what every device was
shown against what is promised.

npm run sim                               500 seeds from 1
npm run sim -- --seeds 5000 --from 1      so many, from this one
npm run sim -- --mutants                  every deliberate mistake, each of which has to be found
npm run sim -- --workers 2                threads; without it as many as the machine has processors

A seed that finds something is printed as small as it can be made. It ends with 0 where nothing was found and
every mistake was, else with 1, and with 2 for wrong arguments.`

/** @throws Error in words, for a wrong argument. */
export function readOptions(args: readonly string[]): SimOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "500" },
      from: { type: "string", default: "1" },
      workers: { type: "string", default: String(availableParallelism()) },
      mutants: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  })
  const { mutants, help } = values
  return {
    from: whole("from", values.from),
    seeds: whole("seeds", values.seeds),
    mutants,
    workers: whole("workers", values.workers),
    help,
  }
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new Error(`--${name} has to be a whole number above 0, and is ${JSON.stringify(text)}`)
}
