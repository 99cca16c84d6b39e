/** The table of paths that stock clients ask for, and what answers each. */
import { threadNamed } from "../thread-names.ts"
import { countAssistants, getAssistant, searchAssistants } from "./assistants.ts"
import type { StockHandler } from "./request.ts"
import { cancelRun, createRun, getRun, listRuns } from "./runs.ts"
import {
  copyThread,
  countThreads,
  createThread,
  getHistory,
  getState,
  getStateOfCheckpoint,
  getThread,
  searchThreads,
} from "./threads.ts"

/** `open`: whoever asks. `commands` and `stream` read more than fields, and answer otherwise. */
export type Answering =
  | { readonly kind: "open"; readonly body: object }
  | { readonly kind: "json"; readonly handler: StockHandler }
  | { readonly kind: "commands" }
  | { readonly kind: "stream" }

interface Route {
  readonly method: string
  readonly segments: readonly string[]
  readonly answering: Answering
}

const json = (handler: StockHandler): Answering => ({ kind: "json", handler })

/** What a page looks for that wants to know whom it talks to. */
const info = { version: "everthread", flags: { assistants: true, crons: false } }

const table: readonly (readonly [method: string, path: string, answering: Answering])[] = [
  ["GET", "/ok", { kind: "open", body: { ok: true } }],
  ["GET", "/info", { kind: "open", body: info }],
  ["GET", "/assistants", json(searchAssistants)],
  ["POST", "/assistants/search", json(searchAssistants)],
  ["POST", "/assistants/count", json(countAssistants)],
  ["GET", "/assistants/:assistant_id", json(getAssistant)],
  ["POST", "/threads", json(createThread)],
  ["POST", "/threads/search", json(searchThreads)],
  ["POST", "/threads/count", json(countThreads)],
  ["GET", "/threads/:thread_id", json(getThread)],
  ["POST", "/threads/:thread_id/copy", json(copyThread)],
  ["GET", "/threads/:thread_id/state", json(getState)],
  ["GET", "/threads/:thread_id/state/:checkpoint_id", json(getState)],
  ["POST", "/threads/:thread_id/state/checkpoint", json(getStateOfCheckpoint)],
  ["GET", "/threads/:thread_id/history", json(getHistory)],
  ["POST", "/threads/:thread_id/history", json(getHistory)],
  ["POST", "/threads/:thread_id/commands", { kind: "commands" }],
  ["POST", "/threads/:thread_id/stream/events", { kind: "stream" }],
  ["GET", "/threads/:thread_id/runs", json(listRuns)],
  ["POST", "/threads/:thread_id/runs", json(createRun)],
  ["GET", "/threads/:thread_id/runs/:run_id", json(getRun)],
  ["POST", "/threads/:thread_id/runs/:run_id/cancel", json(cancelRun)],
]

const routes: readonly Route[] = table.map(([method, path, answering]) => ({
  method,
  segments: path.split("/"),
  answering,
}))

/** `runs`, `store` and `crons` are LangGraph's and not ours: who asks is told so. */
const roots = new Set(["ok", "info", "assistants", "threads", "runs", "store", "crons"])

/** @returns whether a path is one of this protocol's, known or not. */
export function isServed(path: string): boolean {
  return roots.has(path.split("/", 2)[1] ?? "")
}

export type Found =
  | { readonly kind: "found"; readonly answering: Answering; readonly names: Readonly<Record<string, string>> }
  | { readonly kind: "other-method"; readonly methods: readonly string[] }
  | { readonly kind: "none" }

export function findRoute(method: string, path: string): Found {
  const fitting = routes.flatMap((route) => {
    const names = namesIn(route.segments, path.split("/"))
    return names ? [{ route, names }] : []
  })
  const [found] = fitting.filter(({ route }) => route.method === method)
  if (found) return { kind: "found", answering: found.route.answering, names: found.names }
  if (fitting.length === 0) return { kind: "none" }
  return { kind: "other-method", methods: [...new Set(fitting.map(({ route }) => route.method))] }
}

/** @returns what stands where the pattern has names; `undefined` where it does not fit. */
function namesIn(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const names: [string, string][] = []
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at] ?? ""
    const name = expected.startsWith(":") ? threadNamed(segment) : undefined
    if (name !== undefined) names.push([expected.slice(1), name])
    else if (expected !== segment) return undefined
  }
  return Object.fromEntries(names)
}
