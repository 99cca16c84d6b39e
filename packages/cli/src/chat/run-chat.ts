/** Starts a chat on a terminal or a pipe, and ends it in good order. */
import { createInterface, type Interface } from "node:readline"
import {
  type Client,
  ClientClosed,
  type Conversation,
  createClient,
  RequestError,
  type Welcome,
} from "@everthread/client"
import type { Clock } from "@everthread/protocol"
import { CliError, TimedOut } from "../failure.ts"
import { Chat, type ChatEnd } from "./chat.ts"
import { enter } from "./enter.ts"
import { notice } from "./lines.ts"
import { type ChatOptions, commandFor, conversationOf } from "./options.ts"
import { type EarlyLines, earlyLines, giveUpLater, refusal, refused, sayConnection, unwelcome } from "./reach.ts"
import { plainScreen, promptScreen, type Screen } from "./screen.ts"
import type { Paint } from "./style.ts"
import type { ChatTexts } from "./texts.ts"
import { wsSockets } from "./ws-sockets.ts"

export interface ChatStreams {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}

export interface RunChatOptions extends ChatOptions, ChatStreams {
  readonly texts: ChatTexts
  readonly paint: Paint
  readonly clock: Clock
}

/** Any time will do: it only has to come again. */
const aliveMs = 60_000

/** Resolves when the chat is over. @throws CliError when the server does not let us in. */
export async function runChat(options: RunChatOptions): Promise<void> {
  const { url, user, device, token } = options
  const client = createClient({
    url,
    device,
    ...(user === undefined ? {} : { user }),
    ...(token === undefined ? {} : { token }),
    socket: wsSockets,
  })
  // The client's timers keep no process alive; while it is offline, nothing else would.
  const alive = setInterval(() => {}, aliveMs)
  try {
    await talk(client, options)
  } finally {
    clearInterval(alive)
    client.close()
  }
}

async function talk(client: Client, options: RunChatOptions): Promise<void> {
  const { input, mode, url, texts } = options
  const early = mode === "screen" ? earlyLines(input, client) : undefined
  const stop = sayConnection(client, url, texts, (text) => sayBeforehand(text, options))
  try {
    const welcome = await reach(client, early, options).catch((error: unknown) => {
      throw error instanceof ClientClosed ? unwelcome(error.message, options, texts) : error
    })
    if (!welcome) return
    const conversation = await comeIn(client, welcome, options)
    stop()
    await converse(client, conversation, { ...options, user: welcome.user, early: early?.take() ?? [] })
  } finally {
    stop()
    early?.take()
  }
}

/** Until there is a conversation, all there is to see is how the connection comes about. */
function sayBeforehand(text: string, { mode, output, paint }: RunChatOptions): void {
  if (mode !== "json") output.write(`${notice(text, { paint })}\n`)
}

/** @returns what the server said, or nothing if whoever sat there has gone before. */
function reach(client: Client, early: EarlyLines | undefined, options: RunChatOptions) {
  const { texts, clock } = options
  const ways = [client.ready(), refused(client, options, texts), giveUpLater(options, texts, clock)]
  return Promise.race(early ? [...ways, early.ended] : ways)
}

async function comeIn(client: Client, { user, agents }: Welcome, options: RunChatOptions): Promise<Conversation> {
  // A conversation that this begins has an agent in it: that is what people come for.
  const agent = options.agent ?? agents[0]
  try {
    return await enter(client, { conversation: conversationOf(options, user), agent })
  } catch (error) {
    throw explain(error, options, user)
  }
}

function explain(error: unknown, options: RunChatOptions, user: string): unknown {
  if (!(error instanceof RequestError)) return error
  const { texts } = options
  if (error.error.code !== "not_member") return new CliError(error.message, texts.refusedAdvice)
  return new CliError(texts.notMember(conversationOf(options, user)), texts.notMemberAdvice(user))
}

interface ConverseOptions extends RunChatOptions {
  readonly user: string
  /** What was typed before there was a conversation. */
  readonly early: readonly string[]
}

async function converse(client: Client, conversation: Conversation, options: ConverseOptions): Promise<void> {
  const { input, output, mode, texts, paint, agent, user, early } = options
  const onScreen = mode === "screen"
  const typed = createInterface({ input, terminal: onScreen, prompt: "> ", ...(onScreen ? { output } : {}) })
  await new Promise<void>((resolve, reject) => {
    const columns = () => output.columns ?? 80
    const screen = onScreen ? promptScreen(output, typed, columns) : plainScreen(output)
    const chat = new Chat({
      client,
      conversation,
      screen,
      mode,
      agent,
      commandFor: (other) => commandFor(other, options, user),
      lines: { texts, paint, user, multiline: onScreen },
      size: () => ({ columns: columns(), rows: output.rows ?? 24 }),
      ended: (end) => (end.kind === "done" ? resolve() : reject(failureOf(end, options))),
    })
    if (mode !== "json") chat.say(texts.welcome(conversation.id, user, client.device))
    for (const line of early) chat.typed(line)
    listen(typed, chat, screen, options)
  }).finally(() => typed.close())
}

function failureOf(end: Exclude<ChatEnd, { kind: "done" }>, options: RunChatOptions): Error {
  const { texts, timeoutMs = 0 } = options
  if (end.kind === "refused") return refusal(end.reason, options, texts)
  const fate = end.notStored === 0 ? texts.answeredLater : texts.notStored(end.notStored)
  return new TimedOut(`${texts.unanswered(timeoutMs / 1_000)}\n${fate}`)
}

function listen(typed: Interface, chat: Chat, screen: Screen, options: RunChatOptions): void {
  const { input, mode, texts, clock, timeoutMs } = options
  let interrupted = false
  typed.on("line", (line) => {
    interrupted = false
    screen.took(line)
    chat.typed(line)
  })
  typed.on("close", () => {
    chat.finish()
    if (timeoutMs !== undefined) clock.startTimer(timeoutMs, () => chat.giveUp())
  })
  typed.on("SIGINT", () => {
    if (interrupted) chat.finish()
    else chat.say(texts.quitHint)
    interrupted = true
  })
  if (mode === "screen") input.on("keypress", () => chat.typing(typed.line))
}
