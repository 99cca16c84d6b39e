/** What `npm run sim -- …` takes. */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"

export interface SimOptions {
  readonly from: number
  readonly seeds: number
  readonly mutants: boolean
  readonly workers: number
}

export const usage = `npm run sim                               500 seeds from 1
npm run sim -- --seeds 5000 --from 1      so many, from this one; one that finds something is printed as small as it can be made
npm run sim -- --mutants                  every deliberate mistake, each of which has to be found
npm run sim -- --workers 2                threads; without it as many as the machine has processors`

/** @throws Error in words, for a wrong argument. */
export function readOptions(args: readonly string[]): SimOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "500" },
      from: { type: "string", default: "1" },
      workers: { type: "string", default: String(availableParallelism()) },
      mutants: { type: "boolean", default: false },
    },
  })
  const { mutants } = values
  return {
    from: whole("from", values.from),
    seeds: whole("seeds", values.seeds),
    mutants,
    workers: whole("workers", values.workers),
  }
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 1) return number
  throw new Error(`--${name} has to be a whole number above 0, and is ${JSON.stringify(text)}`)
}
