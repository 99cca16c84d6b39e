/**
 * What vitest's JSON reports say, for the shell script that has had them written.
 *
 *   node scripts/test-report.mjs failed REPORT           the files that failed, a line each
 *   node scripts/test-report.mjs count REPORT [AGAIN]    "N passed, N failed"; a file that AGAIN has counts as it does there
 */
import { readFileSync } from "node:fs"
import { relative } from "node:path"
import { pathToFileURL } from "node:url"

/** @returns {{name: string, status: string, assertionResults: {status: string}[]}[]} one for each file; none of a report that is not there */
function filesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).testResults ?? []
  } catch {
    return []
  }
}

/** A file that cannot be loaded has no tests that could fail, and counts as one. */
export function countOf(first, again = []) {
  const replayed = new Set(again.map(({ name }) => name))
  const files = [...first.filter(({ name }) => !replayed.has(name)), ...again]
  const results = files.flatMap(({ assertionResults }) => assertionResults)
  const unloaded = files.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0)
  const having = (wanted) => results.filter(({ status }) => status === wanted).length
  return { passed: having("passed"), failed: having("failed") + unloaded.length }
}

const [command, ...paths] = process.argv.slice(2)
const isProgram = import.meta.url === pathToFileURL(process.argv[1] ?? "").href
if (isProgram && command === "failed") {
  const failed = filesOf(paths[0]).filter(({ status }) => status === "failed")
  for (const { name } of failed) console.log(relative(process.cwd(), name))
}
if (isProgram && command === "count") {
  const { passed, failed } = countOf(...paths.map(filesOf))
  console.log(`${passed} passed, ${failed} failed`)
}
