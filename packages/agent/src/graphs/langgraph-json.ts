/**
 * Reads LangGraph's own `langgraph.json`: which graphs there are, and their environment.
 *
 * Of its fields `graphs` and `env` mean something here. Building images (`node_version`, `dockerfile_lines`,
 * `dependencies`) is not our business, so those and all others are let pass.
 */
import { readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { parseEnv } from "node:util"
import { GraphLoadError } from "./graph-load-error.ts"
import { checkedName, type GraphSpec, parseGraphSpec } from "./graph-spec.ts"

export interface LanggraphJson {
  readonly graphs: readonly GraphSpec[]
  /** What `env` says, from its file or as written; it is the caller's to apply, without overwriting what is set. */
  readonly env: { readonly [name: string]: string }
}

export function readLanggraphJson(file: string): LanggraphJson {
  const config = parse(file)
  const folder = dirname(resolve(file))
  return { graphs: graphsOf(config["graphs"], folder, file), env: envOf(config["env"], folder, file) }
}

type Fields = { readonly [key: string]: unknown }

function parse(file: string): Fields {
  const config = jsonOf(file)
  if (isFields(config)) return config
  throw new GraphLoadError("bad-config", `${file} is not a JSON object.`)
}

function jsonOf(file: string): unknown {
  const text = read(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GraphLoadError("bad-config", `${file} is not JSON: ${String(error)}`, { cause: error })
  }
}

function graphsOf(graphs: unknown, folder: string, file: string): GraphSpec[] {
  if (!isFields(graphs) || Object.keys(graphs).length === 0) {
    throw new GraphLoadError("bad-config", `${file} names no graphs: write {"graphs": {"agent": "./agent.ts:graph"}}.`)
  }
  return Object.entries(graphs).map(([name, value]) => {
    const path = isFields(value) ? value["path"] : value
    if (typeof path === "string") return { ...parseGraphSpec(path, folder), name: checkedName(name) }
    throw new GraphLoadError(
      "bad-config",
      `${file}: graphs.${name} must be "./path:export" or {"path": "./path:export"}.`,
    )
  })
}

function envOf(env: unknown, folder: string, file: string): { [name: string]: string } {
  if (env === undefined) return {}
  if (typeof env === "string") return Object.fromEntries(textEntries(parseEnv(read(resolve(folder, env)))))
  if (isFields(env)) return Object.fromEntries(textEntries(env))
  throw new GraphLoadError("bad-config", `${file}: env must be a file's path or an object of names and values.`)
}

function textEntries(fields: Fields): [string, string][] {
  return Object.entries(fields).map(([name, value]) => [name, String(value)])
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    throw new GraphLoadError("no-file", `There is no file ${resolve(file)}.`, { cause: error })
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
