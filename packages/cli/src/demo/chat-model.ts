/** Chooses the demo's model: OpenAI's API, or one that speaks it, with a key; the offline model without. */
import { ChatOpenAI } from "@langchain/openai"
import { OfflineModel } from "./offline-model.ts"
import { tools } from "./tools.ts"

const defaultModel = "gpt-4o-mini"
const defaultWordDelayMs = 30

export interface DemoEnvironment {
  readonly [name: string]: string | undefined
  readonly OPENAI_API_KEY?: string
  /** Of another service that speaks OpenAI's chat completions. */
  readonly OPENAI_BASE_URL?: string
  readonly OPENAI_MODEL?: string
  /** How long the offline model takes for a word, in milliseconds. */
  readonly EVERTHREAD_DEMO_WORD_DELAY_MS?: string
}

export function chatModel(env: DemoEnvironment) {
  if (!env.OPENAI_API_KEY) return new OfflineModel(Number(env.EVERTHREAD_DEMO_WORD_DELAY_MS ?? defaultWordDelayMs))
  const model = new ChatOpenAI({
    model: env.OPENAI_MODEL || defaultModel,
    apiKey: env.OPENAI_API_KEY,
    // Retries are short: people are waiting, and can ask again.
    maxRetries: 2,
    ...(env.OPENAI_BASE_URL ? { configuration: { baseURL: env.OPENAI_BASE_URL } } : {}),
  })
  return model.bindTools(tools)
}
