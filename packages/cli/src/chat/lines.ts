/** News as lines of text: one line for a message, `* ` before everything else. */
import { type Run, textOf } from "@everthread/protocol"
import { briefly, clean, cleanLine } from "./clean.ts"
import { authorOf, hasWords, type News } from "./news.ts"
import type { Paint } from "./style.ts"
import type { ChatTexts } from "./texts.ts"

export interface LineOptions {
  readonly texts: ChatTexts
  readonly paint: Paint
  /** The device that reads: its own messages look different. */
  readonly user: string
  /** Line breaks of a message stay line breaks; on a pipe, each message is one line. */
  readonly multiline: boolean
}

type Lines = { readonly [K in News["kind"]]: (news: Extract<News, { kind: K }>) => string[] }

export function linesOf(news: News, options: LineOptions): string[] {
  const line = linesFor(options)[news.kind] as (news: News) => string[]
  return line(news)
}

export function notice(text: string, { paint }: Pick<LineOptions, "paint">): string {
  return paint("dim", `* ${cleanLine(text)}`)
}

function linesFor(options: LineOptions): Lines {
  const { texts } = options
  const note = (text: string) => [notice(text, options)]
  return {
    message: ({ message }) => (hasWords(message) ? [messageLine(message, options)] : []),
    edited: ({ message }) => note(`[${message.seq}] ${texts.edited}: ${message.text}`),
    redacted: ({ message }) => note(`[${message.seq}] ${texts.redacted}`),
    tool: ({ message, tool, args }) => note(`${authorOf(message)} ${toolText(tool, args, texts)}`),
    asked: ({ interrupt }) => [
      options.paint("warn", `? ${texts.asks(briefly(interrupt.value, 2_000))}`),
      ...note(texts.howToAnswer),
    ],
    answered: ({ interrupt: { answer } }) =>
      answer ? note(texts.answered(`${answer.by.user}/${answer.by.device}`, briefly(answer.value))) : [],
    run: ({ run }) => note(runText(run, texts)),
    retracted: ({ seq }) => note(`[${seq}] ${texts.redacted}`),
    joined: ({ user }) => note(texts.joined(user)),
    removed: ({ user }) => note(texts.removed(user)),
    came: ({ by }) => note(texts.came(`${by.user}/${by.device}`)),
    left: ({ by }) => note(texts.left(`${by.user}/${by.device}`)),
  }
}

/** `[seq] user/device: text` */
function messageLine(message: Parameters<typeof textOf>[0], options: LineOptions): string {
  const { texts, paint, multiline, user } = options
  const style = message.by ? (message.by.user === user ? "own" : "good") : "agent"
  const words = message.redacted ? texts.redacted : textOf(message)
  const end = message.status === "stopped" ? ` (${texts.stopped})` : ""
  const text = (multiline ? clean(words) : cleanLine(words)) + end
  return `${paint("dim", `[${message.seq}]`)} ${paint(style, `${cleanLine(authorOf(message))}:`)} ${text}`
}

function toolText(tool: Extract<News, { kind: "tool" }>["tool"], args: string, texts: ChatTexts): string {
  if (tool.status === "finished") return texts.toolFinished(tool.name, briefly(tool.output))
  if (tool.status === "failed") return texts.toolFailed(tool.name, briefly(tool.output))
  return texts.toolCalled(tool.name, briefly(args))
}

function runText(run: Run, texts: ChatTexts): string {
  if (run.status === "failed") return texts.runFailed(run.agent, run.error ?? "")
  if (run.status === "stopped") return texts.runStopped(run.agent)
  return texts.runTakenOver(run.agent, run.attempt)
}
