/**
 * Reaching a server for the first time: says how that goes, tries again at once when somebody asks for it,
 * and gives up in time where nobody would see that it waits.
 */
import { createInterface } from "node:readline"
import type { Client, ConnectionState } from "@everthread/client"
import type { Clock } from "@everthread/protocol"
import { CliError } from "../failure.ts"
import type { ChatOptions } from "./options.ts"
import { connectionText } from "./status-text.ts"
import type { ChatTexts } from "./texts.ts"

/** Says each change of the connection once; what ends the command is said by its end. @returns stops it. */
export function sayConnection(client: Client, url: string, texts: ChatTexts, say: (text: string) => void): () => void {
  let reached = false
  const said = new Set<string>()
  const once = (text: string) => {
    if (!said.has(text)) say(text)
    said.add(text)
  }
  return client.onState((state) => {
    reached ||= state.name === "greeting" || state.name === "open"
    if (state.name === "waiting" && !reached) once(texts.nothingAnswers(url))
    if (state.name !== "closed" && state.name !== "unauthorized") once(connectionText(state, texts))
  })
}

/** Rejects when no server was reached in time. */
export function giveUpLater({ url, waitMs }: ChatOptions, texts: ChatTexts, clock: Clock): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (waitMs === undefined) return
    const error = () => new CliError(texts.gaveUp(url, waitMs / 1_000), texts.gaveUpAdvice)
    clock.startTimer(waitMs, () => reject(error()))
  })
}

/** Rejects when the server wants another token than ours. */
export function refused(client: Client, options: ChatOptions, texts: ChatTexts): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.onState((state) => {
      if (state.name === "unauthorized") reject(refusal(state.reason, options, texts))
    })
  })
}

export function refusal(reason: string, { token }: ChatOptions, texts: ChatTexts): CliError {
  return new CliError(token === undefined ? texts.noToken : texts.refusedToken(reason), texts.tokenAdvice)
}

/** The server will never take us as we are. */
export function unwelcome(reason: string, { user }: ChatOptions, texts: ChatTexts): CliError {
  return new CliError(reason, user === undefined ? texts.nobodyAdvice : texts.refusedAdvice)
}

export interface EarlyLines {
  /** Resolves when the input has ended. */
  readonly ended: Promise<void>
  /** @returns what was typed. */
  take(): string[]
}

/** What is typed on a terminal while there is no conversation yet; each Enter tries the connection again. */
export function earlyLines(input: NodeJS.ReadableStream, client: Client): EarlyLines {
  const lines: string[] = []
  const typed = createInterface({ input, terminal: false })
  typed.on("line", (line) => {
    if (line.trim() !== "") lines.push(line)
    tryAgain(client, client.state)
  })
  const ended = new Promise<void>((resolve) => {
    typed.once("close", resolve)
  })
  const take = () => {
    typed.close()
    return lines
  }
  return { ended, take }
}

/** On an open connection there is nothing to try. */
export function tryAgain(client: Client, { name }: ConnectionState): void {
  if (name === "waiting" || name === "unauthorized") client.wake()
}
