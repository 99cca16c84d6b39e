/**
 * The layers are kept by the linter, so the linter is what is tested: every import that one package can
 * make of another is put into a file of its own, in an empty project with this one's biome.json, and
 * must fail for that reason, or pass.
 */
import { execFile } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const biome = fileURLToPath(new URL("../node_modules/.bin/biome", import.meta.url))
const rules = fileURLToPath(new URL("../biome.json", import.meta.url))

/** @returns for each file the categories of what the linter found in it. */
async function lint(sources: ReadonlyMap<string, string>): Promise<Map<string, Set<string>>> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-layers-"))
  try {
    copyFileSync(rules, join(folder, "biome.json"))
    for (const [path, source] of sources) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), source)
    }
    return findingsIn(await runBiome(folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function runBiome(folder: string): Promise<string> {
  const args = ["lint", "--reporter=github", "--max-diagnostics=none", "."]
  return new Promise((resolve) => execFile(biome, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_e, out) => resolve(out)))
}

/** Reads lines such as `::error title=lint/style/x,file=/tmp/y/packages/a/src/b.ts,line=1::…`. */
function findingsIn(report: string): Map<string, Set<string>> {
  const findings = new Map<string, Set<string>>()
  for (const [, title = "", file = ""] of report.matchAll(/^::\w+ title=([^,]+),file=[^,]*?(packages[^,]+)/gm)) {
    findings.set(file, (findings.get(file) ?? new Set()).add(title))
  }
  return findings
}

const layerRule = "lint/style/noRestrictedImports"

/** Who may import whom; whatever is not here is forbidden. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  engine: ["protocol"],
  "engine-embedded": ["protocol", "engine"],
  "engine-redis": ["protocol", "engine"],
  "checkpoint-redis": [],
  agent: ["protocol", "engine"],
  server: ["protocol", "engine"],
  client: ["protocol"],
  web: ["protocol", "client"],
  cli: [
    "protocol",
    "engine",
    "engine-embedded",
    "engine-redis",
    "checkpoint-redis",
    "agent",
    "server",
    "client",
    "web",
    "sim",
    "chaos",
  ],
}
/** What proves and measures the product, and is no part of it: only the command line runs some of it. */
const proof = ["sim", "stage", "chaos", "bench"]
const packages = Object.keys(allowed).filter((name) => name !== "cli")
const langChainFolders = [
  "agent/src/langgraph",
  "engine-embedded/src/checkpoints",
  "checkpoint-redis/src",
  "cli/src/demo",
]
const withoutLangChain = Object.keys(allowed).filter((name) => !langChainFolders.includes(`${name}/src`))

interface Case {
  readonly path: string
  readonly imports: string
  readonly fits: boolean
}

const pairs: Case[] = Object.entries(allowed).flatMap(([from, targets]) =>
  [...packages, ...proof]
    .filter((to) => to !== from)
    .flatMap((to) => [
      { path: `packages/${from}/src/${to}.ts`, imports: `@everthread/${to}`, fits: targets.includes(to) },
      { path: `packages/${from}/src/deep/${to}.ts`, imports: `@everthread/${to}/part`, fits: targets.includes(to) },
    ]),
)
const cases: Case[] = [
  ...pairs,
  ...packages.map((from) => ({ path: `packages/${from}/src/cli.ts`, imports: "everthread", fits: false })),
  ...withoutLangChain.map((from) => ({
    path: `packages/${from}/src/chain.ts`,
    imports: "@langchain/core/messages",
    fits: false,
  })),
  ...langChainFolders.map((folder) => ({
    path: `packages/${folder}/chain.ts`,
    imports: "@langchain/core/messages",
    fits: true,
  })),
  { path: "packages/cli/src/demo/stage.ts", imports: "@everthread/stage", fits: false },
]

let findings: Map<string, Set<string>>
beforeAll(async () => {
  // A type is imported, because then nothing else of the line can be wrong.
  const imports = cases.map(({ path, imports }) => [path, `export type * from "${imports}"\n`] as const)
  const careless = 'import { a } from "./a.ts"\nexport const b = (c: any) => c!.d\n'
  findings = await lint(new Map([...imports, ["packages/server/src/careless.ts", careless]]))
})

describe("an import that goes the wrong way fails the build", () => {
  test.each(cases.filter(({ fits }) => !fits))("$path must not import $imports", ({ path }) => {
    expect(findings.get(path)).toContain(layerRule)
  })

  test.each(cases.filter(({ fits }) => fits))("$path may import $imports", ({ path }) => {
    expect(findings.get(path) ?? new Set()).not.toContain(layerRule)
  })
})

test("no gateway imports another one: what they share stands beside them", () => {
  const folder = fileURLToPath(new URL("../packages/server/src/gateways", import.meta.url))
  const shared = ["http", "stock"]
  const protocols = readdirSync(folder).filter((name) => !name.endsWith(".ts") && !shared.includes(name))
  expect(protocols.length).toBeGreaterThan(3)
  for (const name of [...protocols, ...shared]) {
    const files = readdirSync(join(folder, name), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    )
    const imported = files.flatMap((file) => {
      const sources = readFileSync(join(folder, name, file), "utf8").matchAll(/ from "(\.[^"]+)"/g)
      return [...sources].map(
        ([, source = ""]) => relative(folder, join(folder, name, dirname(file), source)).split("/")[0],
      )
    })
    expect({ name, others: protocols.filter((other) => other !== name && imported.includes(other)) }).toEqual({
      name,
      others: [],
    })
  }
})

test("any, non-null assertions and unused imports fail the build", () => {
  for (const rule of ["suspicious/noExplicitAny", "style/noNonNullAssertion", "correctness/noUnusedImports"]) {
    expect(findings.get("packages/server/src/careless.ts")).toContain(`lint/${rule}`)
  }
})
