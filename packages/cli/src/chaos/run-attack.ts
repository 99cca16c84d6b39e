/** One attack, from its flags to the exit code. */
import { resolve } from "node:path"
import { type AttackOutcome, attack, type Progress, Unreachable } from "@everthread/chaos/attack"
import { EngineError } from "@everthread/engine"
import { paintFor } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import type { CliContext } from "../context.ts"
import { Verdict } from "../failure.ts"
import type { ChaosFlags } from "./chaos-command.ts"
import { chosenVictims } from "./chosen-victims.ts"
import { outcomeText } from "./outcome-text.ts"
import { peopleOf } from "./people.ts"
import type { ChaosTexts } from "./texts.ts"

const brokenCode = 1
const notRunCode = 2
const interruptedCode = 130
const toLineStart = "\r\u001b[K"

/** @throws Verdict with the exit code, when everything has been said; UsageError. */
export async function runAttack(flags: ChaosFlags, context: CliContext, texts: ChaosTexts): Promise<void> {
  const [ended, stop] = endedBySignal()
  const line = progressLine(context, texts)
  try {
    const outcome = await played(flags, context, texts, ended, line)
    line.clear()
    const paint = paintFor(process.stdout.isTTY === true, context.env)
    context.out(outcomeText(outcome, { flags, texts, paint, isInterrupted: ended.aborted }))
    if (outcome.findings.length > 0) throw new Verdict(brokenCode)
    if (ended.aborted) throw new Verdict(interruptedCode)
  } catch (error) {
    line.clear()
    throw notRun(error, context, texts)
  } finally {
    stop()
  }
}

function played(
  flags: ChaosFlags,
  context: CliContext,
  texts: ChaosTexts,
  signal: AbortSignal,
  line: ProgressLine,
): Promise<AttackOutcome> {
  const { clock, random, folder, terminal } = context
  const nodes = chosenVictims(flags, texts)
  const seed = flags.seed ?? 1 + Math.floor(random.fraction() * 999_999)
  const { redis, redisPrefix, seconds, out = `chaos-${seed}` } = flags
  return attack({
    nodes,
    seed,
    seconds,
    ...(redis === undefined ? {} : { redis }),
    ...(redisPrefix === undefined ? {} : { redisPrefix }),
    folder: resolve(folder, out),
    command: commandOf(flags, seed),
    people: peopleOf(flags, context, texts),
    clock,
    random,
    signal,
    begun: ({ prefix, devices, conversations }) =>
      void terminal.write(`${texts.begun(prefix, devices.length, conversations.length, seconds, seed)}\n`),
    progress: (progress) => line.tell(progress),
  })
}

/** Exit code 1 is for something that was found. */
function notRun(error: unknown, { terminal }: CliContext, texts: ChaosTexts): unknown {
  const words = error instanceof Unreachable ? texts.unreachable(error.address, error.reason) : undefined
  const told = words ?? (error instanceof EngineError ? texts.noRedis(error.message) : undefined)
  if (told === undefined) return error
  terminal.write(`${told}\n`)
  return new Verdict(notRunCode)
}

/** Secrets are never part of it, and whatever a shell would read is quoted. */
function commandOf(
  { url = [], redis, redisPrefix, seconds, token, jwtSecret, yesHarmIt, host = [] }: ChaosFlags,
  seed: number,
) {
  const words = [
    ...url.flatMap((each) => ["--url", each]),
    ...(redis === undefined ? [] : ["--redis", redis.replace(/\/\/[^@/]*@/, "//…@")]),
    ...(redisPrefix === undefined ? [] : ["--redis-prefix", redisPrefix]),
    ...["--seconds", String(seconds), "--seed", String(seed)],
    ...(yesHarmIt ? ["--yes-harm-it"] : []),
    ...host.flatMap((each) => ["--host", each]),
    ...(token === undefined ? [] : ["--token", "…"]),
    ...(jwtSecret === undefined || token !== undefined ? [] : ["--jwt-secret", "…"]),
  ]
  return ["npx everthread chaos", ...words.map(quoted)].join(" ")
}

const quoted = (word: string): string => (/^[\w./:@%+,=…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** The first one heals and judges what there is; the next one ends it at once. */
function endedBySignal(): [AbortSignal, () => void] {
  const controller = new AbortController()
  const end = () => controller.abort()
  process.once("SIGINT", end)
  process.once("SIGTERM", end)
  const stop = () => {
    process.off("SIGINT", end)
    process.off("SIGTERM", end)
  }
  return [controller.signal, stop]
}

interface ProgressLine {
  tell(progress: Progress): void
  clear(): void
}

function progressLine({ terminal }: CliContext, texts: ChaosTexts): ProgressLine {
  if (terminal.isTTY !== true) return { tell() {}, clear() {} }
  // A second row would stay when the first is written anew.
  const row = (text: string) => rowsOf(text, (terminal.columns ?? 80) - 1)[0] ?? ""
  return {
    tell: (progress) => void terminal.write(toLineStart + row(texts.progress(progress))),
    clear: () => void terminal.write(toLineStart),
  }
}
