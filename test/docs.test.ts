/** What the pages show is tried: commands are parsed, files are read, the agent is served and asked. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { systemClock, systemRandom } from "@everthread/protocol"
import { loadConfig } from "@everthread/server/config"
import type { Command } from "commander"
import { createProgram } from "everthread"
import { parse } from "yaml"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (page: string) => readFileSync(join(root, page), "utf8")

const readmes = ["README.md", "README.zh-CN.md"]
const pages = [
  ...readmes,
  "CONTRIBUTING.md",
  "docs/ag-ui.md",
  "docs/agents.md",
  "docs/architecture.md",
  "docs/client.md",
  "docs/config.md",
  "docs/dependencies.md",
  "docs/faults.md",
  "docs/history.md",
  "docs/web.md",
  "docs/dev.md",
  "docs/langgraph.md",
  "docs/metrics.md",
  "docs/protocol.md",
  "docs/roadmap.md",
  "docs/sim.md",
  "docs/simple-protocol.md",
  "docs/verify.md",
  "docs/decisions/0001-toolchain.md",
]

interface Snippet {
  readonly language: string
  readonly text: string
}

const snippetsOf = (page: string): Snippet[] =>
  [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({ language, text }))

/** @returns the lines of a page's shell snippets, without comments, `A && B` as two. */
const commandsOf = (page: string): string[] =>
  snippetsOf(page)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.split("\n"))
    .map((line) => line.replace(/\s#\s.*$/, "").trim())
    .flatMap((line) => line.split(" && "))
    .filter((line) => line !== "")

/** What a page's headings are called in links, as GitHub makes it. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  )

/** Those of npm's own that the pages use; every other one must be a script of ours. */
const npmCommands = new Set(["ci", "install", "pkg"])

describe.each(pages)("%s", (page) => {
  test("links to files that exist", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path)
    for (const path of links) expect(existsSync(join(root, page, "..", path)), path).toBe(true)
  })

  test("links to headings that exist", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)]
    for (const [, path = "", heading = ""] of links) {
      const target = path === "" ? page : join(page, "..", path)
      expect(anchorsOf(target), `${target}#${heading}`).toContain(heading)
    }
  })

  test("names files that exist", () => {
    const names = [...read(page).matchAll(/`((?:packages|docs|scripts|test)\/[\w./-]+\w)`/g)].map(
      ([, path = ""]) => path,
    )
    for (const path of names) expect(existsSync(join(root, path)), path).toBe(true)
  })

  test("shows commands that exist", () => {
    const scripts = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts
    for (const command of commandsOf(page)) {
      const [tool = "", first = "", second = ""] = command.split(/\s+/)
      if (tool === "npm" && first === "run") expect(Object.keys(scripts)).toContain(second)
      else if (tool === "npm" && !npmCommands.has(first)) expect(Object.keys(scripts)).toContain(first)
      else expect(["npm", "npx", "export"]).toContain(tool)
      for (const ours of command.matchAll(/npx everthread ([^$)]*)/g)) expectParses(ours[1] ?? "", page)
    }
  })

  test("shows JSON that can be read, and configuration that is right", () => {
    for (const { language, text } of snippetsOf(page)) {
      if (language === "json") JSON.parse(text)
      if (language === "yaml") loadConfig({ file: { path: page, content: parse(text) }, env: {}, flags: {} })
    }
  })
})

/** Whether the command and its flags exist. An option that CONTRIBUTING.md tells to add does not, yet. */
function expectParses(line: string, page: string): void {
  const context = { language: "en", env: {}, folder: root, clock: systemClock, random: systemRandom } as const
  const program = createProgram({ ...context, out: () => {}, terminal: { write: () => {} } })
  let command = program as Command
  for (const word of line.trim().split(/\s+/)) {
    const inner = command.commands.find((candidate) => candidate.name() === word)
    if (inner) command = inner
    else if (word.startsWith("--") && !(page === "CONTRIBUTING.md" && word === "--drain-notice")) {
      const known = command.options.map(({ long }) => long)
      expect([...known, "--help", "--all", "--lang"], line).toContain(word)
    }
  }
  expect(command, line).not.toBe(program)
}

describe("the two readmes", () => {
  test("begin with the same two lines to copy", () => {
    for (const page of readmes) {
      expect(snippetsOf(page)[0]?.text).toBe("npm ci && npm start\nnpm ci && npm test\n")
    }
  })

  test("have the same structure, and the same code but for its comments", () => {
    const [english = "", chinese = ""] = readmes
    const shapeOf = (page: string) => [...read(page).matchAll(/^(#+ |```\w*|\| |- )/gm)].map(([mark]) => mark)
    expect(shapeOf(chinese)).toEqual(shapeOf(english))
    const codeOf = (page: string) => snippetsOf(page).map(({ text }) => text.replaceAll(/# .*$/gm, ""))
    expect(codeOf(chinese)).toEqual(codeOf(english))
    const linksOf = (page: string) =>
      [...read(page).matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to).filter((to) => !readmes.includes(`${to}`))
    expect(linksOf(chinese)).toEqual(linksOf(english))
  })
})

test("the agent of README.md is served", async () => {
  const agent = snippetsOf("README.md").find(({ language }) => language === "js")?.text ?? ""
  // Inside the workspace, where its imports are found, and outside of what git sees.
  const folder = mkdtempSync(join(root, "node_modules", ".docs-"))
  try {
    writeFileSync(join(folder, "agent.mjs"), agent)
    const bin = join(root, "packages/cli/bin/everthread.mjs")
    const args = [bin, "serve", "--port", "0", "--graph", "./agent.mjs:graph"]
    const server = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] })
    const [banner] = (await once(server.stdout, "data")) as [Buffer]
    server.kill("SIGTERM")
    const [code] = (await once(server, "close")) as [number]
    expect(banner.toString()).toContain("ready at ws://")
    expect(code).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
