/** Mistakes about what outlives a process: what tools have done, what an outbox keeps, who is here. */
import { storeOps } from "../store/sim-store.ts"
import type { Mutant } from "./mutant.ts"

export const lives: readonly Mutant[] = [
  {
    name: "a tool that another owner has begun is begun as if nobody had",
    breaks: ["TOO1", "TOO2"],
    seedsMax: 400,
    mutation: () => ({
      engine: (engine) => ({ ...engine, effects: { ...engine.effects, begin: async () => ({ status: "fresh" }) } }),
    }),
  },
  {
    name: "an owner that was replaced begins a tool, and keeps what came of it",
    breaks: ["TOO3"],
    seedsMax: 400,
    mutation: () => ({
      storeOps: {
        beginEffect(state, effect, fence, nonce) {
          const begun = storeOps.beginEffect(state, effect, fence, nonce)
          if (begun.status !== "fenced") return begun
          state.deeds.push({ type: "effect", conversation: effect.conversation, key: effect.key, fence })
          return { status: "fresh" }
        },
        finishEffect(state, effect, fence, value) {
          const finished = storeOps.finishEffect(state, effect, fence, value)
          if (finished.status !== "fenced") return finished
          state.deeds.push({ type: "effect", conversation: effect.conversation, key: effect.key, fence })
          return { status: "done", value }
        },
      },
    }),
  },
  {
    name: "an outbox that does not outlive its program",
    breaks: ["ACK3"],
    seedsMax: 200,
    mutation: () => ({ outbox: (kept) => ({ ...kept, load: async () => [] }) }),
  },
  {
    name: "nobody is told of who goes",
    breaks: ["NOD2"],
    seedsMax: 200,
    mutation: () => ({
      engine(engine) {
        const { presence } = engine
        const leave: typeof presence.leave = async (...who) => (await presence.leave(...who)) && false
        return { ...engine, presence: { ...presence, leave } }
      },
    }),
  },
  {
    name: "nobody is told of who went with a node",
    breaks: ["NOD2"],
    seedsMax: 400,
    mutation: () => ({
      engine: (engine) => ({ ...engine, presence: { ...engine.presence, onGone: () => () => undefined } }),
    }),
  },
]
