/** Mistakes about what is stored, how often, and when it is acknowledged. */
import type { AppendResult } from "@everthread/engine"
import { formatCursor, type Role, seqOf, startCursor } from "@everthread/protocol"
import { withLog } from "./around.ts"
import type { Mutant } from "./mutant.ts"

export const writes: readonly Mutant[] = [
  {
    name: "each node knows only the repeats that it has seen itself",
    breaks: ["ACK3"],
    seedsMax: 100,
    mutation: () => ({
      engine(engine) {
        const known = new Map<string, AppendResult>()
        return withLog(engine, {
          async append({ idempotency, ...request }) {
            const id = `${request.conversation} ${idempotency?.key}`
            const before = idempotency && known.get(id)
            if (before?.status === "appended") return { status: "duplicate", cursor: before.cursor, seq: before.seq }
            const result = await engine.log.append(request)
            if (idempotency) known.set(id, result)
            return result
          },
          repeated: async () => undefined,
        })
      },
    }),
  },
  {
    name: "an acknowledgement before it is stored",
    breaks: ["ACK1"],
    seedsMax: 100,
    mutation: () => ({
      engine: (engine) =>
        withLog(engine, {
          async append(request) {
            if (!request.idempotency) return engine.log.append(request)
            const prev = (await engine.log.head(request.conversation)) ?? startCursor
            void engine.log.append(request).catch(() => undefined)
            const seq = seqOf(prev) + request.bodies.length
            return { status: "appended", prev, cursor: formatCursor(seq, request.nonce), first: seqOf(prev) + 1, seq }
          },
        }),
    }),
  },
  {
    name: "every answer to a question counts",
    breaks: ["RUN5"],
    seedsMax: 100,
    mutation: () => ({
      engine: (engine) =>
        withLog(engine, {
          append: ({ expect, ...request }) =>
            engine.log.append(expect && !expect.name.startsWith("interrupt:") ? { ...request, expect } : request),
        }),
    }),
  },
  {
    name: "whoever was removed may still write",
    breaks: ["CON5"],
    seedsMax: 100,
    mutation: () => {
      const were = new Map<string, Role>()
      return {
        engine: (engine) => ({
          ...withLog(engine, { append: ({ member: _, ...request }) => engine.log.append(request) }),
          directory: {
            ...engine.directory,
            async role(conversation, user) {
              const is = await engine.directory.role(conversation, user)
              if (is) were.set(`${conversation} ${user}`, is)
              return is ?? were.get(`${conversation} ${user}`)
            },
          },
        }),
      }
    },
  },
]
