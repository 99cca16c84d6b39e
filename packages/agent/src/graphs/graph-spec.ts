/** Where a graph comes from: `[name=]./path/to/agent.ts[:export]`. */
import { resolve } from "node:path"
import { GraphLoadError } from "./graph-load-error.ts"

export interface GraphSpec {
  /** By which people address the agent. */
  readonly name: string
  /** Absolute. */
  readonly file: string
  /** Absent: `graph`, or else the default export. */
  readonly exportName?: string
}

/** Names an agent gets where none is given. */
const defaultName = "agent"

const specPattern = /^(?:(?<name>[^=/\\]+)=)?(?<file>.+?\.[cm]?[jt]sx?)(?::(?<exportName>[\w$]+))?$/u
/** A name becomes part of a thread's id, which a space divides. */
const namePattern = /^[^\s\p{C}]{1,128}$/u

/** @param folder what a relative path is relative to. */
export function parseGraphSpec(text: string, folder: string): GraphSpec {
  const parts = specPattern.exec(text)?.groups
  const file = parts?.["file"]
  if (file === undefined) {
    const shape = "write [name=]./path/to/agent.ts[:export], with a file that ends in .ts, .mts, .js, .mjs or .cjs"
    throw new GraphLoadError("bad-spec", `"${text}" does not name a graph: ${shape}.`)
  }
  const exportName = parts?.["exportName"]
  const name = checkedName(parts?.["name"] ?? defaultName)
  return { name, file: resolve(folder, file), ...(exportName === undefined ? {} : { exportName }) }
}

export function checkedName(name: string): string {
  if (namePattern.test(name)) return name
  throw new GraphLoadError("bad-name", `"${name}" cannot be an agent's name: 1 to 128 characters without white space.`)
}
