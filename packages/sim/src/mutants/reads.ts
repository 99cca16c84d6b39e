/** Mistakes about what a device is given when it comes, or comes back. */
import type { Role } from "@everthread/protocol"
import { storeOps } from "../store/sim-store.ts"
import { cursorOf, type Place } from "../store/state.ts"
import { withLog } from "./around.ts"
import type { Mutant } from "./mutant.ts"

export const reads: readonly Mutant[] = [
  {
    name: "whoever comes back is given one entry too few",
    breaks: ["SUB2", "FRM1"],
    seedsMax: 100,
    mutation: () => ({
      engine: (engine) =>
        withLog(engine, {
          async read(conversation, after, max) {
            const page = await engine.log.read(conversation, after, max)
            return page.status === "tail" ? { ...page, entries: page.entries.slice(1) } : page
          },
        }),
    }),
  },
  {
    name: "a place is known by its number alone",
    breaks: ["LIN1"],
    seedsMax: 100,
    mutation: () => ({
      storeOps: {
        read(state, conversation, after, max) {
          const read = storeOps.read(state, conversation, after, max)
          const entries = state.conversations.get(conversation)?.entries ?? []
          const there = entries.find(({ seq }) => seq === Number.parseInt(after, 10))
          if (read.status !== "diverged" || !there) return read
          const tail = storeOps.read(state, conversation, there.cursor, max)
          return tail.status === "tail" ? { ...tail, prev: after } : tail
        },
      },
    }),
  },
  {
    name: "listening begins after reading",
    breaks: ["SUB1"],
    seedsMax: 100,
    mutation: () => ({
      engine(engine, host) {
        return withLog(engine, {
          async listen(conversation, listener) {
            let isHeard = false
            host.after(lateMs, () => {
              isHeard = true
            })
            const ifHeard = (tell: () => void) => {
              if (isHeard) tell()
            }
            return engine.log.listen(conversation, {
              appended: (appended) => ifHeard(() => listener.appended(appended)),
              ephemeral: (of, body) => listener.ephemeral(of, body),
              missed: (of) => ifHeard(() => listener.missed(of)),
            })
          },
        })
      },
    }),
  },
  {
    name: "what is live comes before what was missed",
    breaks: ["SUB4", "FRM2"],
    seedsMax: 100,
    mutation: () => ({
      gateway: (gateway) => ({
        ...gateway,
        open(peer, opening) {
          const dialect = gateway.open(peer, opening)
          const held = new Map<string, Parameters<typeof dialect.deliver>[1]>()
          const deliver = dialect.deliver.bind(dialect)
          dialect.deliver = (conversation, frame) => {
            const first = held.get(conversation)
            if (!first) return void held.set(conversation, frame)
            deliver(conversation, frame)
            if (first !== frame) deliver(conversation, first)
          }
          return dialect
        },
      }),
    }),
  },
  {
    name: "membership is not asked again",
    breaks: ["CON5"],
    seedsMax: 100,
    mutation: () => ({
      engine(engine) {
        const first = new Map<string, Role>()
        return {
          ...engine,
          directory: {
            ...engine.directory,
            async role(conversation, user) {
              const who = `${conversation} ${user}`
              const known = first.get(who) ?? (await engine.directory.role(conversation, user))
              if (known) first.set(who, known)
              return known
            },
          },
        }
      },
    }),
  },
  {
    name: "what is published is believed to follow",
    breaks: ["LOG5", "LIN3"],
    seedsMax: 100,
    mutation: () => ({
      heard(heard) {
        const told = new Map<string, Place>()
        return {
          ...heard,
          message(channel, text) {
            const [name = "", flags = "", prev = "", nonce = "", ...bodies] = text.split("\n")
            if (flags === "e" || !channel.includes("{")) return heard.message(channel, text)
            const before = told.get(name)
            const first = before?.seq ?? Number.parseInt(prev, 10)
            told.set(name, { seq: first + bodies.length, nonce })
            const from = before ? cursorOf(before) : prev
            heard.message(channel, [name, flags, from, nonce, ...bodies].join("\n"))
          },
        }
      },
    }),
  },
]

const lateMs = 300
