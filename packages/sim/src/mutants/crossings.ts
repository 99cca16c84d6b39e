/** Mistakes that mix conversations up: where there is only one, none of them can be seen. */
import type { EventLog } from "@everthread/engine"
import { storeOps } from "../store/sim-store.ts"
import type { KeyRecord } from "../store/state.ts"
import { withLog } from "./around.ts"
import type { Mutant } from "./mutant.ts"

type Reading = { readonly conversation: string; readonly page: ReturnType<EventLog["read"]> }

export const crossings: readonly Mutant[] = [
  {
    name: "what is delivered reaches the subscription of another conversation, too",
    breaks: ["STO6", "FRM2"],
    seedsMax: 50,
    mutation: () => ({
      gateway: (gateway) => ({
        ...gateway,
        open(peer, opening) {
          const dialect = gateway.open(peer, opening)
          const deliver = dialect.deliver.bind(dialect)
          let other: string | undefined
          dialect.deliver = (conversation, frame) => {
            deliver(conversation, frame)
            if (other !== undefined && other !== conversation) deliver(other, frame)
            other = conversation
          }
          return dialect
        },
      }),
    }),
  },
  {
    name: "membership is asked of another conversation",
    breaks: ["CON5"],
    seedsMax: 50,
    mutation: () => ({
      engine(engine) {
        const first = new Map<string, string>()
        const role: typeof engine.directory.role = (conversation, user) => {
          const asked = first.get(user) ?? conversation
          first.set(user, asked)
          return engine.directory.role(asked, user)
        }
        return { ...engine, directory: { ...engine.directory, role } }
      },
    }),
  },
  {
    name: "an idempotency key is known without its conversation",
    breaks: ["ACK3"],
    seedsMax: 50,
    mutation: () => ({
      storeOps: {
        append(state, request) {
          const { idempotency, conversation } = request
          const elsewhere = [...state.conversations].flatMap(([id, { keys }]) => {
            const known: KeyRecord | undefined = id === conversation ? undefined : keys.get(idempotency?.key ?? "")
            return known ? [known] : []
          })
          const [known] = elsewhere
          if (!known) return storeOps.append(state, request)
          const { seq, nonce, ref } = known
          const result = {
            status: "duplicate",
            cursor: `${seq}-${nonce}`,
            seq,
            ...(ref !== undefined && { ref }),
          } as const
          return { result }
        },
      },
    }),
  },
  {
    name: "an answer of the store is taken for that of another question",
    breaks: ["STO6"],
    seedsMax: 100,
    mutation: () => ({
      engine(engine) {
        let last: Reading | undefined
        return withLog(engine, {
          read(conversation, after, max) {
            const other = last
            const page = engine.log.read(conversation, after, max)
            last = { conversation, page }
            return other && other.conversation !== conversation ? other.page : page
          },
        })
      },
    }),
  },
  {
    name: "what a run says is appended to another conversation, too",
    breaks: ["STO6"],
    seedsMax: 50,
    mutation: () => ({
      storeOps: {
        append(state, request) {
          const outcome = storeOps.append(state, request)
          const { fence, conversation, nonce, bodies } = request
          const other = [...state.conversations.keys()].find((id) => id !== conversation)
          if (fence && outcome.appended && other !== undefined) {
            storeOps.append(state, { conversation: other, nonce, bodies })
          }
          return outcome
        },
      },
    }),
  },
]
