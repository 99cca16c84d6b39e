/** News as lines of text: one line for a message, `* ` before everything else. */
import { type Interrupt, type Run, textOf } from "@everthread/protocol"
import { briefly, clean, cleanLine } from "./clean.ts"
import { authorOf, hasWords, type News, placeOf, type Tool } from "./news.ts"
import { questionText } from "./question.ts"
import { admitsYesAndNo, exampleOf, schemaText } from "./schema-text.ts"
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
    edited: ({ message }) => note(`[${placeOf(message)}] ${texts.edited}: ${message.text}`),
    redacted: ({ message }) => note(`[${placeOf(message)}] ${texts.redacted}`),
    called: ({ message, tool, args }) => note(`${authorOf(message)} ${texts.toolCalled(tool.name, briefly(args))}`),
    returned: ({ message, tool }) => note(`${authorOf(message)} ${resultText(tool, texts)}`),
    asked: ({ interrupt }) => [
      options.paint("warn", `? ${texts.asks(questionText(interrupt.value))}`),
      ...(interrupt.answer ? [] : answerTexts(interrupt, texts).flatMap(note)),
    ],
    answered: ({ interrupt: { answer } }) => (answer ? note(answerText(answer, texts)) : []),
    run: ({ run }) => note(runText(run, texts)),
    dropped: ({ message }) => note(texts.runDropped(briefly(textOf(message)))),
    expired: () => note(texts.messagesExpired),
    retracted: ({ place }) => note(`[${place}] ${texts.redacted}`),
    joined: ({ user }) => note(texts.joined(user)),
    removed: ({ user }) => note(texts.removed(user)),
    came: ({ by }) => note(texts.came(`${by.user}/${by.device}`)),
    left: ({ by }) => note(texts.left(`${by.user}/${by.device}`)),
  }
}

/** `[place] user/device: text` */
function messageLine(message: Parameters<typeof textOf>[0], options: LineOptions): string {
  const { texts, paint, multiline, user } = options
  const style = message.by ? (message.by.user === user ? "own" : "good") : "agent"
  const words = message.redacted ? texts.redacted : textOf(message)
  const end = message.status === "stopped" ? ` (${texts.stopped})` : ""
  const text = (multiline ? clean(words) : cleanLine(words)) + end
  return `${paint("dim", `[${placeOf(message)}]`)} ${paint(style, `${cleanLine(authorOf(message))}:`)} ${text}`
}

function resultText(tool: Tool, texts: ChatTexts): string {
  const say = tool.status === "failed" ? texts.toolFailed : texts.toolFinished
  return say(tool.name, briefly(tool.output))
}

/** What to type to answer. */
export function howToAnswer({ schema }: Interrupt, texts: ChatTexts): string {
  if (!schema || admitsYesAndNo(schema)) return texts.howToAnswer
  const example = exampleOf(schema)
  return texts.howToAnswerSo(example === undefined ? "JSON" : JSON.stringify(example))
}

/** What somebody who wants to answer has to know. */
function answerTexts(interrupt: Interrupt, texts: ChatTexts): string[] {
  const { schema, expiresAt, default: byDefault } = interrupt
  return [
    howToAnswer(interrupt, texts),
    ...(schema ? [texts.answerFits(schemaText(schema))] : []),
    ...(expiresAt === undefined ? [] : [texts.expires(timeText(expiresAt), briefly(byDefault ?? null))]),
  ]
}

/** As people here write it, by this machine's clock and place. */
export const timeText = (ms: number): string => new Date(ms).toLocaleString()

function answerText({ by, value }: NonNullable<Interrupt["answer"]>, texts: ChatTexts): string {
  if (!by) return texts.expired(briefly(value))
  const who = `${by.user}/${by.device}`
  if (typeof value === "boolean") return value ? texts.approved(who) : texts.rejected(who)
  return texts.answered(who, briefly(value))
}

function runText(run: Run, texts: ChatTexts): string {
  if (run.status === "failed") return texts.runFailed(run.agent, run.error ?? "")
  if (run.status === "stopped") return texts.runStopped(run.agent)
  if (run.status === "merged") return texts.runMerged(run.agent)
  return texts.runTakenOver(run.agent, run.attempt)
}
