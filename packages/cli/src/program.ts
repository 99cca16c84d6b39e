/** The command line as a whole: what there is, and a help that teaches. */
import { Command, type HelpConfiguration } from "commander"
import { chaosCommand } from "./chaos/chaos-command.ts"
import { chatCommand } from "./chat/index.ts"
import { configCommand } from "./config/config-command.ts"
import type { CliContext } from "./context.ts"
import { demoCommand } from "./demo-cluster/demo-command.ts"
import { devCommand } from "./dev/dev-command.ts"
import { nodeCommand } from "./dev/node-command.ts"
import { doctorCommand } from "./doctor/doctor-command.ts"
import { UsageError } from "./failure.ts"
import { helpFormat } from "./help.ts"
import type { Language } from "./language.ts"
import { serveCommand } from "./serve/serve-command.ts"
import { tokenCommand } from "./token/token-command.ts"
import { verifyCommand } from "./verify/verify-command.ts"
import { version } from "./version.ts"

const texts = {
  about: {
    en: "Puts a LangGraph.js agent behind conversations that many people share, each on many devices.",
    zh: "让一个 LangGraph.js 智能体服务于多人、多设备共享的对话。",
  },
  language: { en: "language of this help: en or zh", zh: "帮助的语言：en 或 zh" },
  version: { en: "print the version", zh: "显示版本号" },
  debug: { en: "show where an error comes from", zh: "显示错误的来源" },
  help: { en: "show this help", zh: "显示帮助" },
  seeHelp: {
    en: (command: string) => `npx ${command} --help shows what there is.`,
    zh: (command: string) => `npx ${command} --help 会列出可用的内容。`,
  },
  elsewhere: {
    en: (name: string, line: string) => `there is no command ${name}; what you may mean is: ${line}`,
    zh: (name: string, line: string) => `没有 ${name} 命令；您要找的可能是：${line}`,
  },
  examples: {
    en: `
First steps:
  npx everthread serve                                   a server with a demo agent; data in ./data
  npx everthread chat --user ada                         talk to it, in a second terminal
  npx everthread chat --user bob                         and as somebody else, in a third
  npx everthread demo                                    a cluster of three nodes, to watch and to count

Your own agent:
  npx everthread serve --graph ./agent.mjs:graph         "graph" is what the file exports
  npx everthread serve                                   in a folder with a langgraph.json
  npx everthread dev --graph ./agent.mjs:graph           the same, restarted at each change
  npx everthread dev --nodes 3                           a cluster to watch and to kill, in a browser

Going on:
  npx everthread serve --help                            the options; with --all every one
  npx everthread doctor --redis redis://127.0.0.1:6379   whether a Redis is fit for several nodes
  npx everthread verify                                  whether what is stored is whole
  npx everthread config print                            what is in force, and where it comes from`,
    zh: `
第一步：
  npx everthread serve                                   启动服务和演示智能体，数据存放在 ./data
  npx everthread chat --user ada                         在第二个终端里与它对话
  npx everthread chat --user bob                         在第三个终端里换一个人
  npx everthread demo                                    观看三节点集群的演示，并核对计数

使用自己的智能体：
  npx everthread serve --graph ./agent.mjs:graph         graph 是该文件的导出名
  npx everthread serve                                   在包含 langgraph.json 的目录中运行
  npx everthread dev --graph ./agent.mjs:graph           同上，每次改动后自动重启
  npx everthread dev --nodes 3                           在浏览器中观察集群并杀死节点

接下来：
  npx everthread serve --help                            查看选项；加 --all 查看全部
  npx everthread doctor --redis redis://127.0.0.1:6379   检查 Redis 是否适合多节点运行
  npx everthread verify                                  检查存储的内容是否完整
  npx everthread config print                            查看生效的配置及其来源`,
  },
} as const

/** What people look for as a command of its own, because other systems have it so. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["worker", "npx everthread serve --role agent"],
  ["agent", "npx everthread serve --role agent"],
  ["gateway", "npx everthread serve --role gateway"],
  ["start", "npx everthread serve"],
])

/** @param allOptions help shows those, too, that few people need. */
export function createProgram(context: CliContext, allOptions = false): Command {
  const { language } = context
  const program = new Command("everthread")
    .description(texts.about[language])
    .version(version(), "-V, --version", texts.version[language])
    .option("--lang <language>", texts.language[language])
    .addHelpText("after", texts.examples[language])
    .addCommand(serveCommand(context))
    .addCommand(devCommand(context))
    .addCommand(nodeCommand(context), { hidden: true })
    .addCommand(chatCommand(context))
    .addCommand(demoCommand(context))
    .addCommand(tokenCommand(context))
    .addCommand(doctorCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(chaosCommand(context))
    .addCommand(configCommand(context))
    .showSuggestionAfterError()
  for (const command of everyCommand(program)) adapt(command, context, helpFormat(language, allOptions))
  return program
}

/**
 * Finds a command that there is not: commander would answer a request for its help with the help of everything.
 * @returns what commander is to read, which then says what is wrong.
 * @throws UsageError where what is looked for has another name.
 */
export function withoutHelpOfNothing(program: Command, args: readonly string[], language: Language): string[] {
  let command: Command = program
  for (const arg of args) {
    const inner = command.commands.find((each) => each.name() === arg)
    if (inner) command = inner as Command
    else if (command.commands.length === 0 || arg.startsWith("-")) break
    else {
      const line = command === program ? elsewhere.get(arg) : undefined
      if (line !== undefined) throw new UsageError(texts.elsewhere[language](arg, line))
      return args.filter((other) => other !== "--help" && other !== "-h")
    }
  }
  return [...args]
}

/** Each command by itself: those that were made elsewhere inherit nothing from the program. */
function adapt(command: Command, context: CliContext, help: HelpConfiguration): void {
  const { language } = context
  command
    .exitOverride()
    .helpOption("-h, --help", texts.help[language])
    .helpCommand(false)
    .configureHelp(help)
    .showHelpAfterError(texts.seeHelp[language](pathOf(command)))
    .configureOutput({
      writeOut: context.out,
      writeErr: (text) => context.terminal.write(text),
      outputError: (text, write) => write(withoutGuesses(text)),
    })
  // Advised wherever something unforeseen goes wrong, so every command takes it; the server's means more.
  const isGroup = command.commands.length > 0 && (command.parent === null || command.options.length === 0)
  const takesDebug = command.options.some(({ long }) => long === "--debug")
  if (!isGroup && !takesDebug) command.option("--debug", texts.debug[language])
}

/** Commander guesses boldly; whoever mistypes a word has its first letter right. */
function withoutGuesses(text: string): string {
  const [, typed] = /'(-*\w)/.exec(text) ?? []
  return text.replace(/\n\(Did you mean (?:one of )?(.*)\?\)/, (_guess, names: string) => {
    const near = names.split(", ").filter((name) => typed !== undefined && name.startsWith(typed))
    return near.length === 0 ? "" : `\n(Did you mean ${near.join(", ")}?)`
  })
}

/** `everthread config print` */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap((inner) => everyCommand(inner as Command))]
}
