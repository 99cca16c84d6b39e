/**
 * Imports the file of a graph, JavaScript natively and TypeScript through jiti.
 *
 * jiti compiles the author's own files only. Packages are imported natively, so the author's
 * `@langchain/langgraph` is the very instance that the worker uses. (docs/decisions/0004)
 */
import { existsSync } from "node:fs"
import { pathToFileURL } from "node:url"
import type { Clock } from "@everthread/protocol"
import { createJiti } from "jiti"
import { aborted } from "../wait.ts"
import { GraphLoadError } from "./graph-load-error.ts"

export type Module = { readonly [name: string]: unknown }

/** @param deadlineMs how long the file's top level may take. */
export async function importGraphModule(file: string, clock: Clock, deadlineMs: number): Promise<Module> {
  if (!existsSync(file)) throw new GraphLoadError("no-file", `There is no file ${file}.`)
  const late = new AbortController()
  const timer = clock.startTimer(deadlineMs, () => late.abort())
  try {
    return await Promise.race([load(file), aborted(late.signal).then(() => tooSlow(file, deadlineMs))])
  } catch (error) {
    if (error instanceof GraphLoadError) throw error
    throw new GraphLoadError("threw", threwText(file, error), { cause: error })
  } finally {
    clock.stopTimer(timer)
  }
}

async function load(file: string): Promise<Module> {
  const { href } = pathToFileURL(file)
  if (/\.[cm]?js$/u.test(file)) return (await import(href)) as Module
  return createJiti(import.meta.url).import<Module>(file)
}

function tooSlow(file: string, deadlineMs: number): never {
  const text = `${file} was not loaded within ${deadlineMs / 1_000} seconds: is there a top-level await that never ends?`
  throw new GraphLoadError("too-slow", text)
}

/** The author's message, and the first place in the author's code. */
function threwText(file: string, error: unknown): string {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: "" }
  const frame = (stack ?? "").split("\n").find((line) => /^\s+at /u.test(line) && isOwn(line))
  return `${file} failed while it was loaded: ${message}${frame ? `\n${frame}` : ""}`
}

function isOwn(frame: string): boolean {
  return !/node_modules|node:internal|\(node:/u.test(frame)
}
