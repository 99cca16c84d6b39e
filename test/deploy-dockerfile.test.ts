/** The Dockerfile, as far as it can be tried without building an image. */
import { execFile } from "node:child_process"
import { existsSync, readFileSync, statSync } from "node:fs"
import { loadConfig } from "@everthread/server/config"
import { parseDockerfile, type Stage } from "./support/deploy/dockerfile.ts"
import { parseDockerignore } from "./support/deploy/dockerignore.ts"
import { startNodes } from "./support/deploy/nodes.ts"
import { repositoryFile } from "./support/deploy/repository.ts"

const read = (path: string) => readFileSync(repositoryFile(path), "utf8")
const stages = parseDockerfile(read("deploy/Dockerfile"))
const isIgnored = parseDockerignore(read(".dockerignore"))
const [build, final] = stages as [Stage, Stage]

interface Manifest {
  readonly name: string
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>
}

const { workspaces } = JSON.parse(read("package.json")) as { workspaces: readonly string[] }

describe("what goes in", () => {
  const fromContext = stages.flatMap(({ copies }) => copies.filter(({ from }) => from === undefined))

  test.each(fromContext.flatMap(({ sources }) => sources))("%s is there, and .dockerignore leaves it", (source) => {
    expect(existsSync(repositoryFile(source))).toBe(true)
    expect(isIgnored(source)).toBe(false)
  })

  test("what is copied from a stage is copied from an earlier one", () => {
    for (const [index, { copies }] of stages.entries()) {
      const earlier = stages.slice(0, index).map(({ name }) => name)
      for (const { from } of copies) if (from !== undefined) expect(earlier).toContain(from)
    }
  })

  test("is every workspace, with all that its manifest publishes except what is built", () => {
    const isCopied = (path: string) =>
      build.copies.some(({ from, sources }) => !from && sources.some((source) => `${path}/`.startsWith(`${source}/`)))
    for (const workspace of workspaces) {
      const { files } = JSON.parse(read(`${workspace}/package.json`)) as { files: readonly string[] }
      for (const file of ["package.json", "tsconfig.json", ...files.filter((name) => name !== "dist")]) {
        const path = `${workspace}/${file}`
        expect(isCopied(path), path).toBe(true)
        expect(isIgnored(path), path).toBe(false)
      }
    }
  })

  test("is nothing that was installed, built or stored here, and no test", () => {
    const paths = ["node_modules", "packages/cli/node_modules/x", "packages/cli/dist/main.js", "data", ".git/config"]
    for (const path of [...paths, "packages/server/test/auth.test.ts", "packages/cli/dist/.tsbuildinfo", "logs/a"]) {
      expect(isIgnored(path), path).toBe(true)
    }
    // "data" is a folder of the root alone: a folder of sources may be called so.
    expect(isIgnored("packages/server/src/data/a.ts")).toBe(false)
  })
})

describe("what is done", () => {
  test("everything is installed, built, and what only the build needs is taken out again", () => {
    const lines = build.runs.map((run) => (run.form === "shell" ? run.line : run.words.join(" ")))
    const peers =
      "npm pkg delete --workspace @everthread/client --workspace @everthread/engine peerDependencies peerDependenciesMeta"
    expect(lines).toEqual(["npm ci", "npm run build", peers, "npm prune --omit=dev"])
  })

  test("no other package keeps an optional peer", () => {
    const optional = workspaces.flatMap((workspace) => {
      const { name, peerDependenciesMeta = {} } = JSON.parse(read(`${workspace}/package.json`)) as Manifest
      return Object.keys(peerDependenciesMeta).map((peer) => `${name}: ${peer}`)
    })
    // zod is what the server checks frames with.
    expect(optional.sort()).toEqual([
      "@everthread/client: react",
      "@everthread/engine: fast-check",
      "@everthread/engine: vitest",
      "@everthread/protocol: zod",
    ])
  })

  test("both stages have the same Node.js, which every package takes", () => {
    expect(build.image).toBe(final.image)
    const [, major] = /^node:(\d+)-slim$/.exec(final.image) ?? []
    expect(Number(major)).toBeGreaterThanOrEqual(22)
  })
})

describe("what comes out", () => {
  test("does not run as root, and owns where it stores", () => {
    expect(final.user).toBe("node")
    expect(final.volumes).toEqual([final.env.get("EVERTHREAD_DATA")])
    expect(final.runs).toEqual([{ form: "shell", line: "mkdir /data && chown node:node /data" }])
  })

  test("gets signals itself, and knows the one that means stop", () => {
    expect(final.stopSignal).toBe("SIGTERM")
    expect(final.entrypoint).toMatchObject({ form: "exec" })
    expect(final.command).toMatchObject({ form: "exec" })
  })

  test("starts what was copied there", () => {
    const command = final.entrypoint?.form === "exec" ? final.entrypoint.words : []
    expect(command).toEqual(["node", "/app/packages/cli/bin/everthread.mjs"])
    expect(final.copies).toContainEqual({ from: "build", sources: ["/app/packages"], target: "/app/packages" })
    expect(final.copies).toContainEqual({ from: "build", sources: ["/app/node_modules"], target: "/app/node_modules" })
    expect(statSync(repositoryFile("packages/cli/bin/everthread.mjs")).isFile()).toBe(true)
  })

  test("listens where its port is exposed", () => {
    const { config, notices } = loadConfig({ env: Object.fromEntries(final.env), flags: {} })
    expect(config.websocket.host).toBe("0.0.0.0")
    expect(final.exposed).toEqual([String(config.websocket.port)])
    expect(notices).toEqual([])
  })

  test("its health check is right about a node that serves, and about one that does not", async () => {
    const check = final.healthcheck?.command
    if (check?.form !== "exec") throw new Error("the health check must be in exec form")
    const nodes = await startNodes()
    const exitCode = () =>
      new Promise((resolve) => {
        const [, ...args] = check.words
        const env = { WEBSOCKET_PORT: String(nodes.ports[0]) }
        execFile(process.execPath, args, { env }, (error) => resolve(error?.code ?? 0))
      })
    expect(await exitCode()).toBe(0)
    await nodes.stop()
    expect(await exitCode()).toBe(1)
  })
})

describe("a Dockerfile that is wrong is not taken", () => {
  test.each([
    ["COPY a b", "before the first FROM"],
    ["FROM a\nCOPI a b", "is not known"],
    ["FROM a\ncopy a b", "wants an instruction"],
    ["FROM a AS", "wants image AS name"],
    ["FROM a\nCOPY a", "wants sources and a target"],
    ["FROM a\nCOPY a b c", "wants a folder"],
    ["FROM a\nCOPY --form=x a b", "--form is not known"],
    ["FROM a\nHEALTHCHECK --interval=5s node", "wants CMD"],
    ["FROM a\nCMD ['node']", "JSON"],
  ])("%j", (text, why) => {
    expect(() => parseDockerfile(text)).toThrow(why)
  })
})
