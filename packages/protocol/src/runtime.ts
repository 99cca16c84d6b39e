/**
 * The two things that make a program differ from one run to the next, as parameters.
 *
 * Every core module of the server, the agent and the client takes its clock and its randomness
 * from outside, so that one seed replays one history. Nothing else in those modules may call
 * `Date.now`, `setTimeout` or `Math.random`.
 */

/** A timer that was started and can be stopped; what it is belongs to the clock. */
export type Timer = { readonly timer: unique symbol } | object

export interface Clock {
  /** Wall time in milliseconds since 1970. It may jump: for people to read, never to measure with. */
  now(): number
  /** Milliseconds from an arbitrary start that only ever rise. The one to measure with. */
  monotonic(): number
  /** Calls `run` once, at least `delayMs` later. */
  startTimer(delayMs: number, run: () => void): Timer
  /** Stops a timer. Stopping one that has fired, or twice, does nothing. */
  stopTimer(timer: Timer): void
  /** Calls `run` after the current turn of the event loop's I/O, joined with whatever else is due then. */
  endOfTick(run: () => void): void
}

export interface Random {
  /** Uniform in [0, 1). For jitter, never for secrets. */
  fraction(): number
  /** `length` characters of `[0-9A-Za-z]`, unguessable. */
  id(length: number): string
}

/** The machine's own clock. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  startTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs) as unknown as { unref?: () => void }
    timer.unref?.()
    return timer
  },
  stopTimer(timer) {
    clearTimeout(timer as unknown as ReturnType<typeof setTimeout>)
  },
  endOfTick(run) {
    const immediate = (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate
    if (immediate) immediate(run)
    else queueMicrotask(run)
  },
}

const idAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
/** The largest multiple of the alphabet's size that fits a byte; bytes above it would skew the choice. */
const idByteMax = 256 - (256 % idAlphabet.length)

/** Asked for many at a time: asking costs more than they do. None is given twice. */
const randomBytes = new Uint8Array(1_024)
let randomBytesUsed = randomBytes.length

function randomByte(): number {
  if (randomBytesUsed === randomBytes.length) {
    crypto.getRandomValues(randomBytes)
    randomBytesUsed = 0
  }
  return randomBytes[randomBytesUsed++] as number
}

/** The machine's own randomness, from Web Crypto. */
export const systemRandom: Random = {
  fraction: () => Math.random(),
  id(length) {
    let id = ""
    while (id.length < length) {
      const byte = randomByte()
      if (byte < idByteMax) id += idAlphabet[byte % idAlphabet.length]
    }
    return id
  },
}
