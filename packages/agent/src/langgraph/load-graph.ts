/**
 * Loads a graph that somebody else wrote: finds the export and makes a compiled graph of it.
 *
 * The export may be a compiled graph, a `StateGraph` that is not compiled yet, an agent that holds its
 * graph in `graph` (`createAgent`), or a function, async or not, that returns one of them.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Clock } from "@everthread/protocol"
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import type { LoadedGraph } from "../graph.ts"
import { GraphLoadError } from "../graphs/graph-load-error.ts"
import type { GraphSpec } from "../graphs/graph-spec.ts"
import { importGraphModule, type Module } from "../graphs/import-graph-module.ts"
import { compiledGraph } from "./compiled-graph.ts"
import type { AnyGraph } from "./thread-position.ts"

/** The first that streams as Everthread asks it to; the same as the peer dependency. */
const langgraphMin = [1, 4, 0]

export interface LoadGraphParts {
  readonly clock: Clock
  readonly saver: BaseCheckpointSaver
  /** How long the file may take to load, in milliseconds. */
  readonly deadlineMs: number
}

export async function loadGraph(spec: GraphSpec, { clock, saver, deadlineMs }: LoadGraphParts): Promise<LoadedGraph> {
  checkLanggraph(spec.file)
  const module = await importGraphModule(spec.file, clock, deadlineMs)
  const graph = await compiled(exportOf(module, spec), spec)
  return { name: spec.name, file: spec.file, graph: compiledGraph(graph, saver) }
}

/**
 * A graph of an older LangGraph loads, and then every run of it fails: it does not know the stream that is asked of it.
 * The graph may use another copy than the worker, so the one that its file would find is looked at.
 */
function checkLanggraph(file: string): void {
  const version = existsSync(file) ? langgraphVersionFor(dirname(realpathSync(file))) : undefined
  if (version === undefined || !isOlder(version, langgraphMin)) return
  const least = langgraphMin.join(".")
  const remedy = `Run: npm install @langchain/langgraph@^${least} @langchain/core@latest`
  throw new GraphLoadError(
    "too-old",
    `${file} uses @langchain/langgraph ${version}; Everthread needs ${least} or newer. ${remedy}`,
  )
}

/** As Node does: the nearest `node_modules` that has it. Its exports need not name its manifest, so it is not imported. */
function langgraphVersionFor(folder: string): string | undefined {
  const manifest = join(folder, "node_modules", "@langchain", "langgraph", "package.json")
  if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version
  const above = dirname(folder)
  return above === folder ? undefined : langgraphVersionFor(above)
}

function isOlder(version: string, least: readonly number[]): boolean {
  const parts = version.split(/[.-]/).map(Number)
  const differs = least.findIndex((part, i) => parts[i] !== part)
  return differs >= 0 && (parts[differs] ?? 0) < (least[differs] ?? 0)
}

function exportOf(module: Module, { file, exportName }: GraphSpec): unknown {
  const names = exportName === undefined ? ["graph", "default"] : [exportName]
  const found = names.find((name) => module[name] !== undefined)
  if (found !== undefined) return module[found]
  const exports = Object.keys(module).filter((name) => name !== "default" && name !== "__esModule")
  const known = exports.length === 0 ? "It exports nothing." : `It exports: ${exports.join(", ")}.`
  throw new GraphLoadError("no-export", `${file} has no export ${names.join(" or ")}. ${known}`)
}

async function compiled(exported: unknown, { file, exportName = "graph" }: GraphSpec): Promise<AnyGraph> {
  const made = typeof exported === "function" && !isCompiled(exported) ? await call(exported, file) : exported
  const graph = hasGraph(made) ? made.graph : made
  if (isCompiled(graph)) return graph
  if (isBuilder(graph)) return graph.compile()
  const what = `${file}: the export ${exportName} is no graph but ${describe(made)}.`
  throw new GraphLoadError(
    "not-a-graph",
    `${what} Export a StateGraph, a compiled graph, or a function that returns one.`,
  )
}

async function call(make: CallableFunction, file: string): Promise<unknown> {
  try {
    return await make({ configurable: {} })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new GraphLoadError("threw", `${file}: the function that makes the graph failed: ${message}`, { cause: error })
  }
}

/** By its mark and not by its class: the author may use another copy of LangGraph. */
function isCompiled(value: unknown): value is AnyGraph {
  return isObject(value) && "lg_is_pregel" in value && value.lg_is_pregel === true
}

function isBuilder(value: unknown): value is { compile(): AnyGraph } {
  return isObject(value) && "compile" in value && typeof value.compile === "function" && "addNode" in value
}

function hasGraph(value: unknown): value is { graph: unknown } {
  return isObject(value) && !isCompiled(value) && "graph" in value && isCompiled(value.graph)
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function"
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== "object") return `a ${typeof value}`
  const maker = value.constructor?.name
  return maker && maker !== "Object"
    ? `a ${maker}`
    : `an object with the keys ${Object.keys(value).join(", ") || "none"}`
}
