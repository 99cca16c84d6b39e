/**
 * LangChain's own open server for LangGraph.js, as `langgraphjs dev` starts it: one process, with what it knows in memory
 * and in files below its folder, which it writes some seconds after something has changed.
 *
 * It is fetched by npm when it is first asked for, and never into the repository.
 */
import { copyFileSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { rootFolder } from "@everthread/stage"
import { installed } from "../churn/installed.ts"
import { PeerProcess } from "../churn/peer-process.ts"
import type { RunContestant, RunStage } from "../churn/run-stage.ts"
import { freePort } from "./free-port.ts"
import type { LanggraphSdk } from "./langgraph-server-sdk.ts"
import { beginThread } from "./langgraph-server-thread.ts"

const version = "1.5.1"
const sdkVersion = "1.12.4"
export const langgraphPackages = {
  name: `langgraph-server-${version}`,
  dependencies: {
    "@langchain/core": "1.2.13",
    "@langchain/langgraph": "1.4.18",
    "@langchain/langgraph-api": version,
    "@langchain/langgraph-checkpoint": "1.1.5",
    "@langchain/langgraph-cli": version,
    "@langchain/langgraph-sdk": sdkVersion,
  },
  overrides: { "@langchain/langgraph-sdk": sdkVersion },
}
/** It takes ten times as long as the others. */
const startMsMax = 120_000
const graph = fileURLToPath(new URL("../../nodes/counting-graph.mjs", import.meta.url))

export const langgraphServer: RunContestant = {
  name: "LangGraph JS server",
  about: `@langchain/langgraph-api and -cli ${version} (langgraphjs dev), SDK ${sdkVersion}, streamResumable, onDisconnect continue, joinStream with lastEventId`,
  open: openLanggraphServer,
}

export async function openLanggraphServer(): Promise<RunStage | { readonly missing: string }> {
  const found = await installed(langgraphPackages)
  if ("missing" in found) return { missing: `The LangGraph JS server is left out: ${found.missing}` }
  const { folder } = found
  const project = mkdtempSync(join(rootFolder(), "langgraph-"))
  // So that its graph finds the very packages that the server uses.
  symlinkSync(join(folder, "node_modules"), join(project, "node_modules"))
  copyFileSync(graph, join(project, "counting-graph.mjs"))
  const config = { node_version: "20", graphs: { counter: "./counting-graph.mjs:graph" }, env: {} }
  writeFileSync(join(project, "langgraph.json"), JSON.stringify(config))
  // The command takes no port 0.
  const port = await freePort()
  const bin = join(folder, "node_modules/.bin/langgraphjs")
  const node = new PeerProcess({
    name: "langgraph-server",
    command: process.execPath,
    args: [bin, "dev", "--host", "127.0.0.1", "--port", String(port), "--no-browser", "--no-reload"],
    folder: project,
    startMsMax,
    portIn: async () => ((await isServing(port)) ? port : undefined),
  })
  await node.start()
  const kept = join(project, ".langgraph_api", ".langgraphjs_ops.json")
  const isKept = (thread: string) => readFileSync(kept, "utf8").includes(thread)
  const sdk = pathToFileURL(join(folder, "node_modules/@langchain/langgraph-sdk/dist/index.js"))
  const { Client } = (await import(sdk.href)) as LanggraphSdk
  return {
    nodes: [node],
    begin: (_thread, ways) => beginThread(Client, node, isKept, ways),
    stop: () => node.kill(),
  }
}

const isServing = async (port: number): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/ok`)).ok
