/** Which tests carry a rule's number in their title, by what is written in their files: nothing is run for it. */
import { readdirSync, readFileSync } from "node:fs"

export interface Titled {
  readonly rule: string
  /** From the root of the repository. */
  readonly path: string
  readonly title: string
}

const literal = /"((?:\[[A-Z]{3}\d+\] ?)+)((?:[^"\\\n]|\\.)*)"|`((?:\[[A-Z]{3}\d+\] ?)+)((?:[^`\\]|\\.)*)`/g

/** Of the packages, and of the faults that are played on all of them together. */
export function testFiles(root: string): string[] {
  return ["packages", "test"]
    .flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
    )
    .filter((path) => !/\/(node_modules|dist)\//.test(path) && /\/(test|contract|faults)\/.*\.tsx?$/.test(`/${path}`))
    .sort()
}

export function titlesIn(root: string): Titled[] {
  return testFiles(root).flatMap((path) =>
    [...readFileSync(`${root}${path}`, "utf8").matchAll(literal)].flatMap((match) => {
      const [, plainRules, plain, madeRules, made] = match
      const rules = [...(plainRules ?? madeRules ?? "").matchAll(/[A-Z]{3}\d+/g)].map(([rule]) => rule)
      const title = readable(plain ?? made ?? "")
      return rules.map((rule) => ({ rule, path, title }))
    }),
  )
}

/** What is filled in when the test runs stands as dots. */
const readable = (title: string): string =>
  title
    .replace(/\$\{[^}]*\}|\$[a-z]\w*|%[sdoj]/g, "…")
    .replace(/\\(.)/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
