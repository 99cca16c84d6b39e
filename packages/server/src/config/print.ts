/** The configuration as it is in force, as YAML, each line with where it came from. (SPEC CFG3) */
import { type OptionPath, optionAt, optionPaths } from "./options.ts"
import type { ReadValues } from "./read-values.ts"

export function printValues(read: ReadValues): string {
  const lines: string[] = []
  let section = ""
  for (const path of optionPaths) {
    const [head = "", name] = path.split(".")
    if (head !== section && name !== undefined) lines.push(`${head}:`)
    section = head
    lines.push(printLine(path, name ?? head, name === undefined ? "" : "  ", read))
  }
  return `${lines.join("\n")}\n`
}

function printLine(path: OptionPath, name: string, indent: string, read: ReadValues): string {
  const value = read.values[path]
  if (value === undefined) return `${indent}# ${name}: not set`
  const shown = optionAt(path).secret ? "[redacted]" : value
  return `${indent}${name}: ${JSON.stringify(shown)}  # ${read.sources[path]}`
}
