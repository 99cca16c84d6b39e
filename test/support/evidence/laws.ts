/** The laws of the checker: each stands in a file whose header names the rules that it guards. */
import { readdirSync, readFileSync } from "node:fs"

export interface Law {
  readonly name: string
  readonly path: string
  readonly rules: readonly string[]
}

const folder = "packages/sim/src/check"

export function lawsIn(root: string): Law[] {
  return readdirSync(`${root}${folder}`)
    .filter((file) => file.startsWith("check-"))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(`${root}${folder}/${file}`, "utf8")
      const header = text.slice(0, text.indexOf("*/"))
      const rules = [...header.matchAll(/[A-Z]{3}\d+/g)].map(([rule]) => rule)
      const names = new Set([...text.matchAll(/law: "([^"]+)"/g)].map(([, name = ""]) => name))
      return [...names].map((name) => ({ name, path: `${folder}/${file}`, rules: [...new Set(rules)] }))
    })
}
