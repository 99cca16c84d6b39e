/**
 * The agent of the demo's third scene: the demo agent with its offline model, whatever keys are in the environment.
 *
 * A show must be the same each time, and must not cost anybody money.
 */
import { demoGraph } from "../demo/agent.ts"

const wordDelayMs = "20"

export const graph = demoGraph({ EVERTHREAD_DEMO_WORD_DELAY_MS: wordDelayMs })
