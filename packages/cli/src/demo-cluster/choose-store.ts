/** Which store a show plays on: the Redis that was named, else one that answers on this machine, else none. */
import type { Clock } from "@everthread/protocol"
import { CliError } from "../failure.ts"
import { answersPing } from "./find-redis.ts"
import type { Stage } from "./stage.ts"
import type { DemoTexts } from "./texts.ts"

export interface StoreChoice {
  /** The one that was named; `undefined`: look for one; `false`: none, whatever answers here. */
  readonly redis: string | false | undefined
  readonly stage: Stage
  readonly texts: Pick<DemoTexts, "noRedisHere" | "redisRefused">
  readonly clock: Clock
}

/** What is started on either. */
export interface Starts<T> {
  redis(url: string): Promise<T>
  embedded(): Promise<T>
}

const localRedis = { host: "127.0.0.1", port: 6379 }

/** @throws CliError if the Redis that was named cannot be used. */
export function onChosenStore<T>(choice: StoreChoice, starts: Starts<T>): Promise<T> {
  if (choice.redis === undefined) return onWhatIsHere(choice, starts)
  return choice.redis === false ? starts.embedded() : starts.redis(choice.redis)
}

async function onWhatIsHere<T>({ stage, texts, clock }: StoreChoice, starts: Starts<T>): Promise<T> {
  const { host, port } = localRedis
  const where = `${host}:${port}`
  if (!(await answersPing(host, port, clock))) {
    stage.say(texts.noRedisHere(where))
    return starts.embedded()
  }
  try {
    return await starts.redis(`redis://${where}`)
  } catch (error) {
    // Nobody asked for this one, so it is no reason to show nothing.
    if (!(error instanceof CliError)) throw error
    stage.say(texts.redisRefused(where, error.advice))
    return starts.embedded()
  }
}
