/**
 * The states of the one connection and the table of its transitions: pure, complete, without a timer.
 *
 * `failures` counts tries that failed since a connection was last steady; `refusals` counts tokens
 * refused since one was last accepted. What a close code means is the protocol's table. (SPEC ERR2)
 */
import type { DownFrameOf, Reconnect } from "@everthread/protocol"
import { backoffMs } from "./backoff.ts"
import { clientLimits } from "./limits.ts"

export type Welcome = DownFrameOf<"welcome">

interface Tries {
  readonly failures: number
  readonly refusals: number
}

export type ConnectionState =
  | { readonly name: "idle" }
  /** Getting a token and opening a socket. */
  | ({ readonly name: "connecting" } & Tries)
  /** The hello is said; the welcome is awaited. */
  | ({ readonly name: "greeting" } & Tries)
  /** `isDoubted`: there is reason to believe that the network is gone, and the server has not answered since. */
  | ({ readonly name: "open"; readonly welcome: Welcome; readonly isDoubted: boolean } & Tries)
  /** Until the next try. */
  | ({ readonly name: "waiting"; readonly delayMs: number; readonly reason: string } & Tries)
  /** The server takes no token that we have: a person has to act. `wake` tries again. */
  | { readonly name: "unauthorized"; readonly reason: string }
  /** For good: by us, or because the server will never take us. */
  | { readonly name: "closed"; readonly reason: string }

export type ConnectionEvent =
  /** Begin, or try again now. */
  | { readonly name: "wake" }
  | { readonly name: "opened" }
  | { readonly name: "welcomed"; readonly welcome: Welcome }
  /** It has been open for a while. */
  | { readonly name: "steady" }
  /** Somebody says that the network is gone. */
  | { readonly name: "doubted" }
  /** The server has answered what it was asked after that. */
  | { readonly name: "answered" }
  | {
      readonly name: "lost"
      readonly reconnect: Reconnect
      readonly reason: string
      /** Whether another token can be had. */
      readonly refreshable: boolean
      /** Uniform in [0, 1): the jitter of the wait. */
      readonly fraction: number
      /** The server asked to be left alone for so long. */
      readonly atLeastMs: number
    }
  | { readonly name: "close"; readonly reason: string }

export type ConnectionStateName = ConnectionState["name"]
type StateOf<S extends ConnectionStateName> = Extract<ConnectionState, { name: S }>
type EventName = ConnectionEvent["name"]
type EventOf<E extends EventName> = Extract<ConnectionEvent, { name: E }>
type Row<S extends ConnectionStateName> = {
  readonly [E in EventName]: (state: StateOf<S>, event: EventOf<E>) => ConnectionState
}

const stay = (state: ConnectionState): ConnectionState => state
const connect = (): ConnectionState => ({ name: "connecting", failures: 0, refusals: 0 })
const again = ({ failures, refusals }: Tries): ConnectionState => ({ name: "connecting", failures, refusals })
const greet = ({ failures, refusals }: Tries): ConnectionState => ({ name: "greeting", failures, refusals })
const close = (_state: ConnectionState, { reason }: EventOf<"close">): ConnectionState => ({ name: "closed", reason })

function open({ failures }: Tries, { welcome }: EventOf<"welcomed">): ConnectionState {
  return { name: "open", welcome, isDoubted: false, failures, refusals: 0 }
}

function lose(state: Tries, event: EventOf<"lost">): ConnectionState {
  const { reconnect, reason } = event
  if (reconnect === "never") return { name: "closed", reason }
  const refusals = state.refusals + (reconnect === "refresh" ? 1 : 0)
  const hopeless = !event.refreshable || refusals >= clientLimits.tokenRefusalsMax
  if (reconnect === "refresh" && hopeless) return { name: "unauthorized", reason }
  const failures = state.failures + 1
  const delayMs = Math.max(event.atLeastMs, backoffMs(failures, event.fraction))
  return { name: "waiting", delayMs, reason, failures, refusals }
}

/** Whatever happens, nothing changes. */
const deaf = {
  wake: stay,
  opened: stay,
  welcomed: stay,
  steady: stay,
  doubted: stay,
  answered: stay,
  lost: stay,
  close: stay,
} as const satisfies Row<"closed">

/** One row for each state, one cell for each event: the compiler refuses a table with a hole. */
const table: { readonly [S in ConnectionStateName]: Row<S> } = {
  idle: { ...deaf, wake: connect, close },
  connecting: { ...deaf, opened: greet, lost: lose, close },
  greeting: { ...deaf, welcomed: open, lost: lose, close },
  open: { ...deaf, steady: settle, doubted: doubt, answered: trust, lost: lose, close },
  waiting: { ...deaf, wake: again, close },
  unauthorized: { ...deaf, wake: connect, close },
  closed: deaf,
}

function settle(state: StateOf<"open">): ConnectionState {
  return state.failures === 0 ? state : { ...state, failures: 0 }
}

function doubt(state: StateOf<"open">): ConnectionState {
  return state.isDoubted ? state : { ...state, isDoubted: true }
}

function trust(state: StateOf<"open">): ConnectionState {
  return state.isDoubted ? { ...state, isDoubted: false } : state
}

/** @returns the state after the event; the very same one where the event means nothing in it. */
export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  const transition = table[state.name][event.name] as (
    state: ConnectionState,
    event: ConnectionEvent,
  ) => ConnectionState
  return transition(state, event)
}
