/** What can be typed after a slash: one table, from which the help is made too. */
import type { Client, Conversation, ConversationView } from "@everthread/client"
import { type Json, textOf } from "@everthread/protocol"
import { cleanLine } from "./clean.ts"
import { forkCommands } from "./fork-commands.ts"
import { authorOf, placeOf } from "./news.ts"
import { queueCommands } from "./queue-commands.ts"
import { statusText } from "./status-text.ts"
import type { ChatTexts } from "./texts.ts"

export interface CommandContext {
  readonly client: Client
  readonly conversation: Conversation
  /** Whom what is sent is addressed to, where that was said at the start. */
  readonly agent: string | undefined
  /** The command that opens another conversation as this one was opened. */
  commandFor(conversation: string): string
  readonly texts: ChatTexts
  /** Says something that only this terminal sees. */
  say(text: string): void
  quit(): void
}

type CommandName = keyof ChatTexts["help"]

export interface ChatCommand {
  readonly takes?: string
  run(context: CommandContext, argument: string): Promise<unknown> | undefined
}

const historyDefault = 20

const commands: { readonly [N in CommandName]: ChatCommand } = {
  stop: { run: ({ conversation }) => conversation.stop() },
  approve: { run: (context) => answer(context, true) },
  reject: { run: (context) => answer(context, false) },
  answer: { takes: "JSON", run: answerWithJson },
  ...queueCommands,
  history: { takes: "[n]", run: showHistory },
  ...forkCommands,
  members: { run: showMembers },
  invite: { takes: "USER", run: invite },
  status: { run: (context) => done(() => context.say(statusLine(context))) },
  drop: { run: ({ client }) => done(() => client.drop()) },
  help: { run: (context) => done(() => showHelp(context)) },
  quit: { run: (context) => done(() => context.quit()) },
}

/** @param line what was typed, with its slash. @throws what the server refused. */
export async function runCommand(context: CommandContext, line: string): Promise<void> {
  const typed = line.slice(1).trim()
  const name = /^\S*/.exec(typed)?.[0] ?? ""
  if (!Object.hasOwn(commands, name)) {
    context.say(context.texts.unknownCommand(name))
    return
  }
  await commands[name as CommandName].run(context, typed.slice(name.length).trimStart())
}

function done(run: () => void): undefined {
  run()
}

/** The oldest open question: the agent has waited for it longest. */
function openQuestion({ state }: ConversationView): string | undefined {
  return state.interrupts.find(({ answer }) => answer === undefined)?.id
}

function answer({ conversation, texts, say }: CommandContext, value: Json): Promise<unknown> | undefined {
  const question = openQuestion(conversation.snapshot())
  if (question === undefined) return done(() => say(texts.noQuestion))
  return conversation.respond(question, value)
}

function answerWithJson(context: CommandContext, argument: string): Promise<unknown> | undefined {
  let value: Json
  try {
    value = JSON.parse(argument) as Json
  } catch {
    return done(() => context.say(context.texts.notJson))
  }
  return answer(context, value)
}

async function showHistory({ conversation, texts, say }: CommandContext, argument: string): Promise<void> {
  const limit = Number.parseInt(argument, 10) || historyDefault
  const { state } = conversation.snapshot()
  // Old messages that are kept for a run stand before a hole: what is older begins where everything is held.
  const shown = state.wholeFrom > 0 ? state.wholeFrom : state.messages[0]?.seq
  const before = oldestShown.get(conversation) ?? shown
  const page = await conversation.history({ limit, ...(before === undefined ? {} : { before }) })
  for (const message of [...page.messages].sort((a, b) => placeOf(a) - placeOf(b))) {
    say(`[${placeOf(message)}] ${authorOf(message)}: ${cleanLine(textOf(message))}`)
  }
  const oldest = page.messages[0]
  if (oldest) oldestShown.set(conversation, oldest.seq)
  if (!oldest) say(texts.nothingOlder)
  else if (!page.more) say(texts.beginning)
}

/** How far `/history` has gone back, so that the next one goes on from there. */
const oldestShown = new WeakMap<Conversation, number>()

async function showMembers({ conversation, texts, say }: CommandContext): Promise<void> {
  const members = await conversation.members()
  say(texts.members(members.length))
  for (const { user, role, devices } of members) {
    say(`${user} (${texts.role[role]})${devices.length > 0 ? `: ${devices.join(", ")}` : ""}`)
  }
}

function invite({ conversation, texts, say }: CommandContext, user: string): Promise<unknown> | undefined {
  return user === "" ? done(() => say(texts.needsUser)) : conversation.addMember(user)
}

function statusLine({ client, conversation, texts }: CommandContext): string {
  const view = conversation.snapshot()
  const { state } = client
  const node = state.name === "open" ? state.welcome.node : "-"
  return texts.statusLine(statusText(view, state, texts), node, view.cursor ?? "-")
}

function showHelp({ texts, say }: CommandContext): void {
  for (const [name, { takes }] of Object.entries(commands)) {
    say(`/${name}${takes === undefined ? "" : ` ${takes}`}  ${texts.help[name as CommandName]}`)
  }
}
