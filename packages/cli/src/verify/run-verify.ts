/** One look at a deployment, from where its store is to the exit code. (SPEC VER1) */
import { type Config, ConfigError } from "@everthread/server/config"
import { paintFor } from "../chat/style.ts"
import { readConfig } from "../config/read-config.ts"
import type { CliContext } from "../context.ts"
import { UsageError, Verdict } from "../failure.ts"
import type { Choice } from "./chosen.ts"
import { type OpenedReader, openReader } from "./opened-reader.ts"
import { progressLine } from "./progress-line.ts"
import { reportJson } from "./report-json.ts"
import { reportText } from "./report-text.ts"
import { type Surveyed, survey } from "./survey.ts"
import type { VerifyTexts } from "./texts.ts"
import type { VerifyFlags } from "./verify-command.ts"

const brokenCode = 1
const unseenCode = 2
const columnsDefault = 100

/** @throws Verdict with the exit code, when everything has been said; UsageError. */
export async function verify(flags: VerifyFlags, context: CliContext, texts: VerifyTexts): Promise<void> {
  const config = await configOf(flags, context, texts)
  const choice = { named: flags.conversation ?? [], sample: flags.sample }
  try {
    const opened = await openReader(config, context)
    try {
      const surveyed = await surveyOf(opened, choice, flags, context, texts)
      tell(opened, surveyed, flags, context, texts)
      if (surveyed.findings.length > 0) throw new Verdict(brokenCode)
    } finally {
      await opened.reader.close()
    }
  } catch (error) {
    throw error instanceof Verdict || error instanceof UsageError ? error : unseen(error, flags, context, texts)
  }
}

/** Whatever it is: exit code 1 is for something that was found. */
function unseen(error: unknown, flags: VerifyFlags, { out, terminal }: CliContext, texts: VerifyTexts): Verdict {
  const message = error instanceof Error ? error.message : String(error)
  const stack = flags.debug && error instanceof Error ? `\n${error.stack}` : ""
  if (flags.json) out(`${JSON.stringify({ whole: false, error: message }, null, 2)}\n`)
  else terminal.write(`${texts.unseen}${message}${stack}\n`)
  return new Verdict(unseenCode)
}

/** From the same places as the server's; a store that is named here counts, whatever the environment says. */
async function configOf(flags: VerifyFlags, context: CliContext, texts: VerifyTexts): Promise<Config> {
  if (flags.redis !== undefined && flags.data !== undefined) throw new UsageError(texts.redisAndData)
  const given = { redis: flags.redis, data: flags.data, config: flags.config }
  try {
    const { config } = await readConfig(context, given)
    return flags.data === undefined ? config : { ...config, redis: undefined }
  } catch (error) {
    // Exit code 1 is for something that was found.
    if (!(error instanceof ConfigError)) throw error
    throw new UsageError(error.words.map((words) => words[context.language]).join("\n"))
  }
}

async function surveyOf(
  opened: OpenedReader,
  choice: Choice,
  flags: VerifyFlags,
  context: CliContext,
  texts: VerifyTexts,
): Promise<Surveyed> {
  for (const conversation of choice.named) {
    const isHere = (await opened.reader.log.head(conversation)) !== undefined
    if (!isHere) throw new UsageError(texts.notHere(conversation))
  }
  const { clock, random } = context
  const line = progressLine(context, texts, !flags.json)
  try {
    return await survey({ opened, clock, random, progress: line.tell }, choice)
  } finally {
    line.clear()
  }
}

function tell(opened: OpenedReader, surveyed: Surveyed, flags: VerifyFlags, context: CliContext, texts: VerifyTexts) {
  if (flags.json) return context.out(`${JSON.stringify(reportJson(opened, surveyed), null, 2)}\n`)
  const { stdout } = process
  const { language, env } = context
  const paint = paintFor(stdout.isTTY === true, env)
  const isSample = flags.sample !== undefined
  context.out(
    reportText(opened, surveyed, { language, texts, paint, isSample, columns: stdout.columns ?? columnsDefault }),
  )
}
