/**
 * Finds the agents of a `langgraph.json`, the file by which LangGraph's own tools know a project.
 *
 * Only its `graphs` are read: a map from a name to `path:export`, or to an object with that as `path`.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { CliError, errorCodeOf } from "../failure.ts"

const fileName = "langgraph.json"

/** @returns agents by name, or `undefined` if the folder has no such file. */
export async function readLangGraphFile(folder: string): Promise<Record<string, string> | undefined> {
  const text = await readIfThere(join(folder, fileName))
  if (text === undefined) return undefined
  const graphs = graphsOf(text)
  if (graphs === undefined) {
    throw new CliError(
      `${fileName} in this folder has no "graphs" that name agents.`,
      'It must look like {"graphs": {"agent": "./agent.mjs:graph"}}. Or name an agent with --graph ./agent.mjs:graph.',
    )
  }
  return graphs
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return undefined
    throw error
  }
}

function graphsOf(text: string): Record<string, string> | undefined {
  const entries = Object.entries(asRecord(asRecord(parse(text))["graphs"]))
  const specs = entries.map(([name, value]) => [name, typeof value === "string" ? value : asRecord(value)["path"]])
  const fits = specs.length > 0 && specs.every(([, spec]) => typeof spec === "string")
  return fits ? (Object.fromEntries(specs) as Record<string, string>) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(`${fileName} in this folder is not JSON: ${why}.`, "Mend it, or name an agent with --graph.")
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
