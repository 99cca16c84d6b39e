/** `everthread doctor`: whether a Redis is fit for what is asked of it, and what would mend it. */
import { Command } from "commander"
import type { CliContext } from "../context.ts"
import { doctorTexts } from "./texts.ts"

export interface DoctorFlags {
  readonly redis?: string
  readonly durability?: string
  readonly replicas?: string
  readonly config?: string
  readonly json?: boolean
}

export function doctorCommand(context: CliContext): Command {
  const texts = doctorTexts[context.language]
  return new Command("doctor")
    .description(texts.about)
    .option("--redis <url>", texts.redis)
    .option("--durability <level>", texts.durability)
    .option("--replicas <number>", texts.replicas)
    .option("--config <file>", texts.config)
    .option("--json", texts.json)
    .addHelpText("after", texts.more)
    .action(async (flags: DoctorFlags) => {
      // Loaded only now: every --help answers without waiting for a client of Redis.
      const { doctor } = await import("./run-doctor.ts")
      await doctor(flags, context, texts)
    })
}
