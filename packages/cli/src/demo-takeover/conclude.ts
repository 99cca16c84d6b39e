/** What is said at the end, and how the command ends: anything that differs is a failure. */
import { options as configOptions } from "@everthread/server/config"
import { CliError } from "../failure.ts"
import type { TakeoverOptions } from "./run-takeover.ts"
import type { Takeover } from "./show-play.ts"
import type { TakeoverTexts } from "./texts.ts"
import type { Troupe } from "./troupe.ts"
import type { Check } from "./verdict.ts"
import { verdictRows } from "./verdict-rows.ts"

export interface ShowResult extends Pick<Troupe, "store" | "complaints"> {
  readonly run: string
  readonly story: readonly string[]
  /** Absent if it never came to one. */
  readonly takeover: Takeover | undefined
  readonly checks: readonly Check[]
}

/** In seconds. */
const lease = configOptions["agent.lease"].fallback

/**
 * Said when everything has ended, so that what is said of what is left is true.
 * @throws CliError if anything is not as promised.
 */
export function conclude(result: ShowResult, seconds: number, options: TakeoverOptions): void {
  const { checks, takeover, complaints } = result
  const { json, texts, output, stage, context } = options
  const wrong = checks.filter(({ ok }) => !ok).length + (takeover ? 0 : 1)
  if (json) context.out(`${JSON.stringify(reportOf(result, wrong === 0, seconds))}\n`)
  else {
    output.write(`\n${verdictRows(checks, stage.paint, texts).join("\n")}\n\n`)
    stage.say(timesOf(result, texts))
    if (wrong === 0) stage.say(texts.allOk(result.story.join("").length, seconds.toFixed(1)))
    stage.say(result.store === "redis" ? texts.leftInRedis(result.run) : texts.leftNothing)
  }
  if (wrong > 0) throw wrongCounts(wrong, complaints(), texts)
}

function timesOf({ store, takeover }: ShowResult, texts: TakeoverTexts): string {
  if (!takeover) return texts.noTakeover
  return store === "redis" ? texts.times(takeover, String(lease)) : texts.timesAgain(takeover)
}

function reportOf({ store, run, story, takeover, checks }: ShowResult, ok: boolean, seconds: number) {
  const silenceSeconds = takeover && Number(takeover.silenceSeconds.toFixed(2))
  const about = { ok, store, run, seconds: Number(seconds.toFixed(1)), leaseSeconds: lease }
  return { ...about, takeover: takeover ? { ...takeover, silenceSeconds } : null, story, checks }
}

function wrongCounts(count: number, complaints: string, texts: TakeoverTexts): CliError {
  const said = complaints === "" ? "" : `\n${texts.complaints}\n${complaints}`
  return new CliError(texts.someWrong(count), texts.someWrongAdvice + said)
}
