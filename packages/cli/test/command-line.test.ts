import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@everthread/protocol"
import { createAuthenticator } from "@everthread/server/auth"
import { loadConfig } from "@everthread/server/config"
import stringWidth from "string-width"
import { parse } from "yaml"
import { languageOf, takeLanguage } from "../src/language.ts"
import { parseDuration } from "../src/token/duration.ts"
import { ran } from "./fake-context.ts"

const secret = "0123456789abcdef0123456789abcdef"

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everthread-cli-"))
})
afterEach(() => rm(folder, { recursive: true }))

async function configFile(text: string): Promise<string> {
  await writeFile(join(folder, "everthread.yaml"), text)
  return "everthread.yaml"
}

describe("help", () => {
  test("shows what to do first, without arguments and with --help", async () => {
    const help = await ran(["--help"])
    expect(help).toMatchObject({ code: 0, err: "" })
    expect(help.out).toContain("npx everthread chat --user ada")
    expect((await ran([])).out).toBe(help.out)
  })

  test("says each default as it is typed, and each variable once", async () => {
    expect((await ran(["token", "--help"])).out).toContain("(default: 1h)")
    const { out } = await ran(["chat", "--help"])
    expect(out.match(/EVERTHREAD_TOKEN/g)).toHaveLength(1)
  })

  test("--debug is an option of every command that may advise it", async () => {
    for (const command of [["serve"], ["chat"], ["token"], ["config", "print"], ["config", "schema"]]) {
      expect((await ran([...command, "--help"])).out).toContain("--debug")
    }
  })

  test("is in Chinese where asked for", async () => {
    const help = await ran(["serve", "--help"], { language: "zh" })
    expect(help.out).toContain("用法：")
    expect(help.out).toContain("监听端口")
    expect(help.out).not.toMatch(/Usage:|Options:|Port to listen/)
    const { out } = await ran(["chaos", "--help"], { language: "zh" })
    expect(out).toContain("(默认 60)")
    expect(out).not.toMatch(/default: |env: /)
  })

  test("shows what is used most, and says how to see the rest", async () => {
    const { out } = await ran(["serve", "--help"])
    for (const flag of ["--data <folder>", "--host <host>", "--redis <url>", "--role <all|gateway|agent>"]) {
      expect(out).toContain(flag)
    }
    expect(out).toMatch(/\d\d more options with --help --all/)
    expect(out).not.toContain("--agent-lease")
    expect((await ran(["serve", "--agent-leas", "1"])).err).toContain("Did you mean --agent-lease?")
  })

  test.each(["en", "zh"] as const)("its options stay within the terminal's width: %s", async (language) => {
    const { out } = await ran(["serve", "--help", "--all"], { language })
    const options = out.slice(0, out.indexOf(language === "en" ? "Examples:" : "示例："))
    for (const row of options.split("\n")) expect(stringWidth(row), row).toBeLessThanOrEqual(80)
  })

  test("lists every option with its variable where all are asked for, and no secret as a flag", async () => {
    const { out } = await ran(["serve", "--all", "--help"])
    expect(out).toMatch(/--port <number> +Port to listen on/)
    expect(out).toContain("WEBSOCKET_PORT")
    expect(out).toContain("--agent-lease <seconds>")
    expect(out).toMatch(/--websocket-origins <origins> +Origins whose[^()]*\(EVERTHREAD_WEBSOCKET_ORIGINS\)/)
    expect(out).not.toContain("--auth-secret")
  })

  test.each([
    [{ LANG: "zh_CN.UTF-8" }, "zh"],
    [{ LANG: "de_DE.UTF-8" }, "en"],
    [{ LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
    [{ LANG: "C", LC_ALL: "", LC_MESSAGES: "zh_TW" }, "zh"],
    [{}, "en"],
  ])("takes its language from the locale %j", (env, language) => {
    expect(languageOf(env)).toBe(language)
  })

  test("--lang may stand anywhere", () => {
    expect(takeLanguage(["serve", "--lang", "zh", "--help"])).toEqual({ rest: ["serve", "--help"], language: "zh" })
    expect(takeLanguage(["--lang=en", "serve"])).toEqual({ rest: ["serve"], language: "en" })
    expect(takeLanguage(["serve"])).toEqual({ rest: ["serve"], language: undefined })
  })
})

describe("what is called wrongly ends with 2, and says what is meant", () => {
  test.each([
    [["serve", "--prot", "1"], "Did you mean --port?"],
    [["srve"], "Did you mean serve?"],
    [["nothing"], "npx everthread --help shows"],
    [["demo", "takeovr"], "npx everthread demo --help shows"],
    [["config", "what"], "npx everthread config --help shows"],
    [["chat", "--user", "a b"], "white space"],
    [["nothing", "--help"], "unknown command 'nothing'"],
    [["config", "what", "-h"], "npx everthread config --help shows"],
    [["worker"], "npx everthread serve --role agent"],
    [["worker", "--help"], "npx everthread serve --role agent"],
    [["gateway", "--help"], "npx everthread serve --role gateway"],
    [["token"], "--user"],
    [["token", "--user", "a b"], "white space"],
    [["token", "--user", "ada", "--ttl", "soon"], "90s, 15m, 1h or 7d"],
    [["chat", "--url", "bogus"], "ws://127.0.0.1:8765"],
    [["chat", "--url", "localhost:8765"], "ws://127.0.0.1:8765"],
    [["chat", "--wait", "soon"], "seconds"],
    [["--lang", "xx", "serve"], "--lang xx: there is en (English) and zh"],
    [["serve", "--lang"], "there is en"],
  ])("%j", async (args, text) => {
    const { code, err, out } = await ran(args)
    expect(code).toBe(2)
    expect(err).toContain(text)
    expect(out).toBe("")
  })
})

test("what is far from everything is compared with nothing", async () => {
  for (const args of [["config", "print", "--nope"], ["nothing"], ["spoken"]]) {
    const { code, err } = await ran(args)
    expect(code).toBe(2)
    expect(err).not.toContain("Did you mean")
  }
})

describe("a configuration that is wrong ends with 1 and one clear sentence", () => {
  test.each([
    ["a: [", "is not YAML"],
    ["- a", "must hold sections"],
    ["websocket:\n  prot: 1\n", "websocket.prot in everthread.yaml is not an option; did you mean websocket.port?"],
    ["websocket:\n  port: 70000\n", "it must be a whole number from 0 to 65535"],
  ])("%j", async (text, reason) => {
    const { code, err } = await ran(["config", "print", "--config", await configFile(text)], { folder })
    expect(code).toBe(1)
    expect(err).toContain(reason)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test("[CFG1] several problems are listed", async () => {
    const file = await configFile("websocket:\n  port: -1\n  hots: a\n")
    const { err } = await ran(["config", "print", "--config", file], { folder })
    expect(err.match(/^ {2}- /gm)).toHaveLength(2)
  })

  test("a file that is not there, or that is a folder", async () => {
    expect((await ran(["config", "print", "--config", "none.yaml"], { folder })).err).toContain(
      "none.yaml does not exist",
    )
    expect((await ran(["config", "print"], { folder, env: { CONFIG_FILE: "." } })).err).toContain("cannot be read")
  })

  test("--debug shows the stack", async () => {
    const { err } = await ran(["config", "print", "--debug", "--config", "none.yaml"], { folder })
    expect(err).toMatch(/\n\s+at /)
  })
})

describe("config", () => {
  test("[CFG2] [CFG3] print shows what is in force, where it comes from, and no secret", async () => {
    const file = await configFile("websocket:\n  port: 9001\n  host: 0.0.0.0\n")
    const env = { CONFIG_FILE: file, JWT_SECRET: secret, WEBSOCKET_PORT: "9002" }
    const { out, code } = await ran(["config", "print", "--data", "/srv/data"], { folder, env })
    expect(code).toBe(0)
    expect(out).not.toContain(secret)
    expect(parse(out)).toMatchObject({
      data: { folder: "/srv/data" },
      websocket: { port: 9002, host: "0.0.0.0" },
      auth: { secret: "[redacted]" },
    })
    expect(out).toContain("# flag --data")
    expect(out).toContain("# environment WEBSOCKET_PORT")
    expect(out).toContain("# file everthread.yaml")
  })

  test("a flag that needs no value, and one that is repeated", async () => {
    const { out } = await ran(["config", "print", "--debug", "--graph", "a=./a.mjs:g", "--graph", "b=./b.mjs:g"])
    expect(parse(out)).toMatchObject({ system: { debug: true }, graphs: { a: "./a.mjs:g", b: "./b.mjs:g" } })
  })

  test("schema prints a JSON Schema", async () => {
    const { out } = await ran(["config", "schema"])
    expect(JSON.parse(out)).toMatchObject({ type: "object", properties: { websocket: {} } })
  })
})

describe("token", () => {
  const tokenOf = async (args: string[], env = {}) => ran(["token", "--user", "ada", ...args], { env, folder })

  test("[AUT1] makes one that the server of the same configuration takes", async () => {
    const file = await configFile(`auth:\n  secret: ${secret}\n  audience: chat\n  issuer: dev\n`)
    const { out, code } = await tokenOf(["--ttl", "15m", "--config", file])
    expect(code).toBe(0)
    const auth = { secret, audience: "chat", issuer: "dev" }
    const { config } = loadConfig({ file: { path: "f", content: { auth } }, env: {}, flags: {} })
    const verified = await (await createAuthenticator(config.auth, systemClock)).verify(out.trim())
    expect(verified).toMatchObject({ ok: true, user: "ada" })
  })

  test("signs with --secret or JWT_SECRET, and prints nothing but the token", async () => {
    for (const ran of [await tokenOf(["--secret", secret]), await tokenOf([], { JWT_SECRET: secret })]) {
      expect(ran).toMatchObject({ code: 0, err: "" })
      expect(ran.out).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
    }
  })

  test("says how to get a secret where there is none or a bad one", async () => {
    expect((await tokenOf([])).err).toContain("export JWT_SECRET=$(openssl rand -base64 32)")
    expect((await tokenOf(["--secret", "short"])).err).toContain("needs at least 32")
    const away = await tokenOf([], { EVERTHREAD_AUTH_JWKS_URL: "https://id.example/keys" })
    expect(away).toMatchObject({ code: 1 })
    expect(away.err).toContain("from an issuer")
  })

  test("reads times as people type them", () => {
    expect(["90s", "15m", "1h", "7d"].map(parseDuration)).toEqual([90_000, 900_000, 3_600_000, 604_800_000])
    for (const text of ["", "0s", "1", "h", "-1h", "1.5h", "1 h", "1w"]) expect(parseDuration(text)).toBeUndefined()
  })
})
