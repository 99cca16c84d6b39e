/** The commands that mend a server, as they are typed at this very server; no password is in them. */
import type { ServerAddress, Target } from "../connection/target.ts"
import type { ServerFacts } from "./facts.ts"
import { same, type Words } from "./finding.ts"

export interface Mender {
  /** Sets parameters, in their order, now and for good. */
  set(parameters: Readonly<Record<string, string>>): readonly Words[]
  run(command: string): Words
}

type Way = Pick<Target, "tls" | "username" | "password">

export function mender(facts: ServerFacts, address: ServerAddress, way: Way): Mender {
  const run = (command: string) => same(`${commandLine(facts, address, way)} ${command}`)
  return {
    run,
    set(parameters) {
      const all = Object.entries(parameters)
      // Who may not read the configuration may not write it either.
      if (facts.settingsRefusal !== undefined) return all.map(elsewhere)
      const now = all.map(([name, value]) => run(`CONFIG SET ${name} ${quoted(value)}`))
      return [...now, ...(facts.hasConfigFile ? [run("CONFIG REWRITE")] : [kept(all)])]
    },
  }
}

function commandLine({ product }: ServerFacts, { host, port }: ServerAddress, way: Way): string {
  const credentials =
    way.password === undefined ? [] : [...(way.username ? [`--user ${way.username}`] : []), "--askpass"]
  const parts = [product === "Valkey" ? "valkey-cli" : "redis-cli", `-h ${host}`, `-p ${port}`]
  return [...parts, ...(way.tls ? ["--tls"] : []), ...credentials].join(" ")
}

const quoted = (value: string): string => (/^[\w.-]+$/.test(value) ? value : `"${value}"`)

type Parameter = readonly [name: string, value: string]

const elsewhere = ([name, value]: Parameter): Words => ({
  en: `# set ${name} to ${value} where this server is configured: CONFIG is not open to this user`,
  zh: `# 请在该服务器的管理界面或配置中把 ${name} 设为 ${value}：当前用户无权使用 CONFIG`,
})

function kept(all: readonly Parameter[]): Words {
  const words = all.map(([name, value]) => `${name} ${quoted(value)}`)
  return {
    en: `# and start it with ${words.join(" and ")} from now on: it runs without a configuration file to keep that in`,
    zh: `# 以后启动时也请带上 ${words.join(" 和 ")}：它没有使用配置文件，无法保存`,
  }
}
