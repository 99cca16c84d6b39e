/** One look at a Redis, from its address to the exit code. */
import { EngineError } from "@everthread/engine"
import { type Examination, examineRedis } from "@everthread/engine-redis"
import { ConfigError, type RedisConfig } from "@everthread/server/config"
import { paintFor } from "../chat/style.ts"
import { readConfig } from "../config/read-config.ts"
import type { CliContext } from "../context.ts"
import { UsageError, Verdict } from "../failure.ts"
import type { Language } from "../language.ts"
import type { DoctorFlags } from "./doctor-command.ts"
import { reportJson } from "./report-json.ts"
import { reportText } from "./report-text.ts"
import type { DoctorTexts } from "./texts.ts"
import { isFit } from "./verdict.ts"

const unfitCode = 1
const unseenCode = 2
const columnsDefault = 100

/** @throws Verdict with the exit code, when everything has been said; UsageError, ConfigError. */
export async function doctor(flags: DoctorFlags, context: CliContext, texts: DoctorTexts): Promise<void> {
  const redis = await redisOf(flags, context, texts)
  const examination = await examine(redis, flags, context)
  const { durability } = redis
  if (flags.json) context.out(`${JSON.stringify(reportJson(examination, durability), null, 2)}\n`)
  else context.out(reportText(examination, { durability, texts, language: context.language, ...screenOf(context) }))
  if (!isFit(examination)) throw new Verdict(unfitCode)
}

/** From the same places as the server's. */
async function redisOf(flags: DoctorFlags, context: CliContext, texts: DoctorTexts): Promise<RedisConfig> {
  const given = {
    ...{ redis: flags.redis, config: flags.config },
    ...{ "redis-durability": flags.durability, "redis-replicas": flags.replicas },
  }
  const { config } = await readConfig(context, given).catch((error: unknown) => asTyped(error, context.language))
  if (!config.redis) throw new UsageError(texts.noRedis)
  return config.redis
}

/** Here the flags have shorter names than the server's, and exit code 1 is for a Redis that is not fit. */
function asTyped(error: unknown, language: Language): never {
  if (!(error instanceof ConfigError)) throw error
  throw new UsageError(error.words.map((words) => words[language].replaceAll("flag --redis-", "flag --")).join("\n"))
}

async function examine(redis: RedisConfig, flags: DoctorFlags, context: CliContext): Promise<Examination> {
  const { clock, random } = context
  const { durability, replicas } = redis
  try {
    return await examineRedis({ ...redis, demand: { durability, replicas }, clock, random })
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    if (flags.json) context.out(`${JSON.stringify({ fit: false, durability, error: error.message }, null, 2)}\n`)
    else context.terminal.write(`${error.message}\n`)
    throw new Verdict(unseenCode)
  }
}

function screenOf({ env }: CliContext) {
  const { stdout } = process
  return { columns: stdout.columns ?? columnsDefault, paint: paintFor(stdout.isTTY === true, env) }
}
