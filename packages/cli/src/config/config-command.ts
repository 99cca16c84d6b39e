/** `everthread config`: what is in force and where it came from, and the JSON Schema of the file. */
import { configSchema, printValues } from "@everthread/server/config"
import { Command } from "commander"
import type { CliContext } from "../context.ts"
import { addOptionFlags, givenFlags } from "./option-flags.ts"
import { readConfig } from "./read-config.ts"

const texts = {
  config: { en: "Look at the configuration", zh: "查看配置" },
  print: {
    en: "Print what is in force and where each value comes from, as YAML, without secrets",
    zh: "以 YAML 打印生效的配置及每个值的来源（不含密钥）",
  },
  schema: { en: "Print the JSON Schema of the configuration file", zh: "打印配置文件的 JSON Schema" },
} as const

export function configCommand(context: CliContext): Command {
  const { language } = context
  const print = new Command("print").description(texts.print[language]).action(async (_options, command: Command) => {
    const loaded = await readConfig(context, givenFlags(command))
    context.out(printValues(loaded))
    for (const notice of loaded.notices) context.terminal.write(`${notice}\n`)
  })
  const schema = new Command("schema")
    .description(texts.schema[language])
    .action(() => context.out(`${JSON.stringify(configSchema(), null, 2)}\n`))
  return new Command("config")
    .description(texts.config[language])
    .addCommand(addOptionFlags(print, language))
    .addCommand(schema)
}
