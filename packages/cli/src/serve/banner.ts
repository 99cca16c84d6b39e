/** What `serve` says when it is ready: where it is, what it serves, and what to type next. */
import type { Config, Words } from "@everthread/server/config"
import type { Language } from "../language.ts"

export interface BannerFacts {
  readonly version: string
  readonly config: Config
  readonly port: number
  /** Their names. */
  readonly agents: readonly string[]
  /** The names of those that nobody serves at the moment. */
  readonly agentsAway: readonly string[]
  readonly engine: string
  readonly isDemo: boolean
  /** Browsers are shown the web app. */
  readonly hasWebApp: boolean
}

const words = {
  ready: { en: "is ready at", zh: "已就绪，地址" },
  agents: { en: "agents", zh: "智能体" },
  noAgents: {
    en: "none yet; they run on nodes with: npx everthread serve --role agent",
    zh: "暂无；在其他节点上运行：npx everthread serve --role agent",
  },
  away: { en: "not served at the moment:", zh: "当前无节点提供：" },
  runs: { en: "runs agents; how it is:", zh: "正在运行智能体，状态页：" },
  engine: { en: "engine", zh: "存储  " },
  auth: { en: "auth  ", zh: "验证  " },
  on: { en: "on: who connects needs a token", zh: "已开启：连接需要令牌" },
  off: { en: "off: everybody is who they say", zh: "未开启：任何人都可自称任何用户" },
  fine: { en: ", which is fine on this machine", zh: "，仅适合本机使用" },
  warning: {
    en: "WARNING: authentication is off, and other machines can connect. Anybody can read and write everything.\nSet JWT_SECRET (openssl rand -base64 32), or listen on 127.0.0.1 only.",
    zh: "警告：身份验证未开启，而其他机器可以连接。任何人都能读写全部内容。\n请设置 JWT_SECRET（openssl rand -base64 32），或只监听 127.0.0.1。",
  },
  invite: { en: "typed there, lets Bob in", zh: "在其中输入，让 Bob 加入" },
  web: { en: "web   ", zh: "网页" },
  next: { en: "Talk to it from two more terminals:", zh: "在另外两个终端里开始对话：" },
  demo: {
    en: "Your own agent: npx everthread serve --graph ./agent.mjs:graph",
    zh: "使用自己的智能体：npx everthread serve --graph ./agent.mjs:graph",
  },
  stop: { en: "Ctrl-C stops it in good order.", zh: "按 Ctrl-C 正常停止。" },
} satisfies Record<string, Words>

export function banner(facts: BannerFacts, language: Language): string {
  return facts.config.role === "agent" ? workerBanner(facts, language) : serverBanner(facts, language)
}

/** Nobody connects to it. */
function workerBanner(facts: BannerFacts, language: Language): string {
  const say = (name: keyof typeof words) => words[name][language]
  const pages = urlOf(facts.config.websocket.host, facts.port).replace("ws:", "http:")
  const lines = [
    `Everthread ${facts.version} ${say("runs")} ${pages}/readyz`,
    "",
    ...factLines(facts, language),
    "",
    say("stop"),
  ]
  return `${lines.join("\n")}\n\n`
}

function factLines({ agents, agentsAway, engine, config }: BannerFacts, language: Language): string[] {
  const say = (name: keyof typeof words) => words[name][language]
  return [
    `  ${say("agents")}  ${agents.join(", ") || say("noAgents")}`,
    ...(agentsAway.length === 0 ? [] : [`          ${say("away")} ${agentsAway.join(", ")}`]),
    `  ${say("engine")}  ${engine}${config.redis ? `, ${config.redis.durability}` : ""}`,
  ]
}

function serverBanner(facts: BannerFacts, language: Language): string {
  const { config } = facts
  const say = (name: keyof typeof words) => words[name][language]
  const required = config.auth.keys.mode !== "off"
  const local = isLoopback(config.websocket.host)
  const auth = required ? say("on") : say("off") + (local ? say("fine") : "")
  const lines = [
    `Everthread ${facts.version} ${say("ready")} ${urlOf(config.websocket.host, facts.port)}`,
    "",
    ...factLines(facts, language),
    `  ${say("auth")}  ${auth}`,
    ...(facts.hasWebApp
      ? [`  ${say("web")}  ${urlOf(config.websocket.host, facts.port).replace("ws:", "http:")}`]
      : []),
    "",
    say("next"),
    `  ${chatLine(facts, "ada", required)}`,
    // With tokens a conversation has members; without, whoever names it may come in.
    ...(required ? [`    /invite bob   (${say("invite")})`] : []),
    `  ${chatLine(facts, "bob", required)}`,
    "",
    ...(facts.isDemo ? [say("demo")] : []),
    say("stop"),
    ...(required || local ? [] : ["", say("warning")]),
  ]
  return `${lines.join("\n")}\n\n`
}

/** A line to paste, with nothing in it that is the default anyway. */
function chatLine({ config, port }: BannerFacts, user: string, required: boolean): string {
  const url = urlOf(config.websocket.host, port)
  const where = url === "ws://127.0.0.1:8765" ? "" : ` --url ${url}`
  // Only who has the server's secret can make a token; an issuer's tokens come from the issuer.
  const token = config.auth.keys.mode === "secret" ? ` --token $(npx everthread token --user ${user})` : " --token …"
  // Who brings a token is in a conversation of their own unless they name another one.
  return `npx everthread chat --user ${user}${where}${required ? ` --conversation lobby${token}` : ""}`
}

/** An address that can be connected to: "every network" is none. */
export function urlOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  return `ws://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host)
}
