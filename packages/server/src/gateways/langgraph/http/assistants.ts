/** Assistants: the agents that are served, each under its own name. */

import { done } from "../../../core/outcome.ts"
import { servedNames } from "../../../core/served-agents.ts"
import { agentNamed } from "../../stock/agent-for.ts"
import { assistantField, assistantNamed } from "../commands/run-start.ts"
import { pageOf } from "./page.ts"
import type { StockHandler, StockRequest } from "./request.ts"

/** Agents are named, not dated. */
const sinceEver = new Date(0).toISOString()

function assistantOf(name: string): object {
  return {
    assistant_id: name,
    graph_id: name,
    name,
    description: null,
    config: {},
    context: {},
    metadata: {},
    version: 1,
    created_at: sinceEver,
    updated_at: sinceEver,
  }
}

export const getAssistant: StockHandler = async ({ core, names }) => {
  const named = await agentNamed(core.agents, assistantNamed(names["assistant_id"]), assistantField)
  return named.ok ? done(assistantOf(named.result ?? core.agents.names[0] ?? "")) : named
}

export const searchAssistants: StockHandler = async (request) => {
  const page = pageOf(request)
  if (!page.ok) return page
  const { offset, limit } = page.result
  return done((await found(request)).slice(offset, offset + limit).map(assistantOf))
}

export const countAssistants: StockHandler = async (request) => done((await found(request)).length)

/** By their name, or the graph's, which is the same here. */
async function found({ core, body }: StockRequest): Promise<readonly string[]> {
  const { graph_id: graph, name } = body
  const names = await servedNames(core.agents)
  return names.filter((agent) => (graph ?? agent) === agent && (name ?? agent) === agent)
}
