import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@everthread/protocol"
import { MemorySaver, StateGraph } from "@langchain/langgraph"
import { importGraphModule } from "../src/graphs/import-graph-module.ts"
import { GraphLoadError, loadGraph, parseGraphSpec, readLanggraphJson } from "../src/index.ts"

const folder = join(import.meta.dirname, "graphs")
const parts = { clock: systemClock, saver: new MemorySaver(), deadlineMs: 30_000 }
const load = (spec: string, deadlineMs = parts.deadlineMs) =>
  loadGraph(parseGraphSpec(spec, folder), { ...parts, deadlineMs })

async function failureOf(spec: string, deadlineMs?: number): Promise<GraphLoadError> {
  const error = await load(spec, deadlineMs).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof GraphLoadError)) throw new Error(`expected a GraphLoadError, got ${String(error)}`)
  return error
}

test.each(["good.ts", "good.ts:builder", "good.ts:maker", "good.ts:slowMaker", "plain.mjs"])(
  "loads %s",
  async (spec) => {
    const loaded = await load(`helper=./${spec}`)
    expect(loaded).toMatchObject({ name: "helper", file: join(folder, spec.split(":")[0] ?? "") })
  },
)

test("a TypeScript graph uses the very LangGraph that the worker uses", async () => {
  const module = await importGraphModule(join(folder, "good.ts"), systemClock, 30_000)
  expect(module["instance"]).toBe(StateGraph)
})

test("each failure says what is wrong and where", async () => {
  const missing = await failureOf("./nowhere.ts")
  expect(missing).toMatchObject({ reason: "no-file" })
  expect(missing.message).toContain(join(folder, "nowhere.ts"))
  const unnamed = await failureOf("./good.ts:grpah")
  expect(unnamed.reason).toBe("no-export")
  expect(unnamed.message).toMatch(/grpah.*It exports:.*graph/u)
  expect(await failureOf("./good.ts:notAGraph")).toMatchObject({ reason: "not-a-graph" })
  expect((await failureOf("./good.ts:notAGraph")).message).toContain("an object with the keys nodes")
  expect((await failureOf("./good.ts:failing")).message).toContain("no key")
})

test("a file that throws is reported with its message and the author's line", async () => {
  const error = await failureOf("./throws.ts")
  expect(error.reason).toBe("threw")
  expect(error.message).toContain("MODEL_KEY is not set")
  expect(error.message).toMatch(/at readTheKey .*throws\.ts:2/u)
})

describe("the LangGraph that the graph's file finds", () => {
  const scratch = mkdtempSync(join(tmpdir(), "everthread-versions-"))
  afterAll(() => rmSync(scratch, { recursive: true }))
  const loadWith = (version: string) => {
    const langgraph = join(scratch, "node_modules", "@langchain", "langgraph")
    mkdirSync(langgraph, { recursive: true })
    writeFileSync(join(langgraph, "package.json"), JSON.stringify({ version }))
    mkdirSync(join(scratch, "src"), { recursive: true })
    writeFileSync(join(scratch, "src", "agent.mjs"), "export const nothing = 1\n")
    return failureOf(join(scratch, "src", "agent.mjs"))
  }

  test.each(["0.4.9", "1.0.2", "1.3.99"])(
    "%s is refused when it is loaded, not when it first runs",
    async (version) => {
      const error = await loadWith(version)
      expect(error.reason).toBe("too-old")
      expect(error.message).toContain(`uses @langchain/langgraph ${version}; Everthread needs 1.4.0 or newer`)
    },
  )

  test.each(["1.4.0", "1.4.18", "1.10.0", "2.0.0"])("%s is taken", async (version) => {
    expect(await loadWith(version)).toMatchObject({ reason: "no-export" })
  })
})

test("a top-level await that never ends is given up", async () => {
  expect(await failureOf("./never.mjs", 20)).toMatchObject({ reason: "too-slow" })
})

test("a spec is name, file and export", () => {
  expect(parseGraphSpec("./a/b.ts", "/x")).toEqual({ name: "agent", file: "/x/a/b.ts" })
  expect(parseGraphSpec("bob=./b.mts:main", "/x")).toEqual({ name: "bob", file: "/x/b.mts", exportName: "main" })
  expect(parseGraphSpec("/abs/c.js:g", "/x")).toEqual({ name: "agent", file: "/abs/c.js", exportName: "g" })
  for (const bad of ["", "graph", "./a.py:graph", "a b=./a.ts"]) {
    expect(() => parseGraphSpec(bad, "/x")).toThrow(GraphLoadError)
  }
})

describe("langgraph.json", () => {
  const scratch = mkdtempSync(join(tmpdir(), "everthread-graphs-"))
  afterAll(() => rmSync(scratch, { recursive: true }))
  const config = (content: unknown) => {
    const file = join(scratch, "langgraph.json")
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content))
    return file
  }

  test("names its graphs and its environment", () => {
    writeFileSync(join(scratch, ".env"), "KEY=from file\n")
    const graphs = { agent: "./a.ts:graph", other: { path: "./b.ts:main" } }
    const file = config({ graphs, env: ".env", node_version: "20", dependencies: ["."] })
    expect(readLanggraphJson(file)).toEqual({
      graphs: [
        { name: "agent", file: join(scratch, "a.ts"), exportName: "graph" },
        { name: "other", file: join(scratch, "b.ts"), exportName: "main" },
      ],
      env: { KEY: "from file" },
    })
    expect(readLanggraphJson(config({ graphs, env: { A: 1 } })).env).toEqual({ A: "1" })
  })

  test.each([
    ["{", "not JSON"],
    ["[]", "not a JSON object"],
    [{}, "names no graphs"],
    [{ graphs: { a: 1 } }, "graphs.a"],
  ])("%j is refused", (content, text) => {
    expect(() => readLanggraphJson(config(content))).toThrow(text)
  })
})
