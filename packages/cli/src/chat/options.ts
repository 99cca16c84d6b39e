/** What the chat was started with, complete: defaults filled in, the address made whole. */
import { hostname, userInfo } from "node:os"

export interface ChatFlags {
  readonly url: string
  readonly user?: string
  readonly device?: string
  readonly conversation?: string
  readonly agent?: string
  readonly token?: string
  readonly plain?: boolean
  readonly json?: boolean
  /** Seconds. */
  readonly wait?: number
  /** Seconds. */
  readonly timeout?: number
}

/** Where a server is that was started without options. */
export const urlDefault = "ws://127.0.0.1:8765"

/** `screen` redraws; `plain` and `json` only ever add lines. */
export type ChatMode = "screen" | "plain" | "json"

export interface ChatOptions {
  readonly url: string
  readonly user: string | undefined
  readonly device: string
  /** Without one, a shared lobby, or with a token the user's own. */
  readonly conversation: string | undefined
  readonly agent: string | undefined
  readonly token: string | undefined
  /** Not taken from the environment. */
  readonly isTokenTyped: boolean
  readonly mode: ChatMode
  /** How long to try to reach a server for the first time; absent: for ever. */
  readonly waitMs: number | undefined
  /** How long to wait for answers when nothing more comes in; absent: for ever. */
  readonly timeoutMs: number | undefined
}

/** A script must not hang because there is no server; a person sees it and can do something. */
export const pipeWaitSeconds = 15

export function completeOptions(
  flags: ChatFlags,
  isTerminal: boolean,
  isTokenTyped = flags.token !== undefined,
): ChatOptions {
  const wait = flags.wait ?? (isTerminal ? undefined : pipeWaitSeconds)
  return {
    url: socketUrl(flags.url),
    // With a token, the token says who it is.
    user: flags.user ?? (flags.token === undefined ? toId(userInfo().username, "somebody") : undefined),
    device: flags.device ?? toId(hostname(), "terminal"),
    conversation: flags.conversation,
    agent: flags.agent,
    token: flags.token,
    isTokenTyped,
    mode: flags.json ? "json" : flags.plain || !isTerminal ? "plain" : "screen",
    waitMs: wait === undefined ? undefined : wait * 1_000,
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1_000,
  }
}

export function isServerUrl(text: string): boolean {
  return URL.canParse(text) && /^(?:ws|http)s?:$/.test(new URL(text).protocol)
}

/** `http` stands for `ws`, and a bare host for the native protocol's path. */
function socketUrl(text: string): string {
  const url = new URL(text)
  url.protocol = url.protocol.replace(/^http/, "ws")
  if (url.pathname === "/") url.pathname = "/v1"
  return url.href
}

function toId(text: string, otherwise: string): string {
  return text.replace(/[\s\p{C}]/gu, "").slice(0, 128) || otherwise
}

export function conversationOf(options: ChatOptions, user: string): string {
  return options.conversation ?? (options.token === undefined ? "lobby" : `~${user}`)
}

/** @param user as whom the server knows whoever is here. @returns what opens another conversation on the same server. */
export function commandFor(
  conversation: string,
  { url, agent, token, isTokenTyped }: ChatOptions,
  user: string,
): string {
  const there = url.replace(/\/v1$/, "")
  return [
    "npx everthread chat",
    ...(there === urlDefault ? [] : [`--url ${there}`]),
    // With a token, the token says who it is.
    ...(token === undefined ? [`--user ${user}`] : []),
    ...(agent === undefined ? [] : [`--agent ${agent}`]),
    // A token is never shown: who typed it has it. One of the environment is still there.
    ...(isTokenTyped ? ["--token …"] : []),
    `--conversation ${conversation}`,
  ].join(" ")
}
