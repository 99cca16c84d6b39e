/** Mistakes about what outlives a process: what tools have done, what an outbox keeps, who is here. */
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
    // Whoever reads again asks who is here, too, and that mends it in most plans.
    seedsMax: 900,
    mutation: () => ({
      engine: (engine) => ({ ...engine, presence: { ...engine.presence, onGone: () => () => undefined } }),
    }),
  },
]
