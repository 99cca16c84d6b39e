/** Checkpoints and forks in the terminal: real processes on a real server. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Chatting, chat } from "./chatting.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
let serving: Serving
const chats: Chatting[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-chat-forks-"))
  serving = serve(["--data", join(folder, "data"), "--graph", `${agentFile("recall")}:graph`], {}, folder)
})
afterEach(async () => {
  const children = [serving, ...chats.splice(0)]
  for (const { child } of children) child.kill("SIGKILL")
  await Promise.all(children.map(({ ended }) => ended))
  rmSync(folder, { recursive: true })
})

function comes(url: string, ...args: string[]): Chatting {
  const chatting = chat(["--url", url, "--user", "ada", "--plain", ...args])
  chats.push(chatting)
  return chatting
}

const ends = (text: string) => (line: string) => line.endsWith(text)

test("[HIS1] [HIS3] a checkpoint is found in a list, and a conversation that begins there goes on from it", async () => {
  const url = await serving.ready
  const ada = comes(url)
  ada.type("one")
  await ada.line(ends("I know: one"))
  ada.type("two")
  await ada.line(ends("I know: one, two"))
  ada.type("/checkpoints 20")
  const listed = await ada.line(ends("step 2, done"))
  await ada.line(ends("step 5, next: recall"))
  ada.type(`/fork ${listed.split(" ")[2]}`)
  const forked = await ada.line((line) => line.includes("--conversation"))

  const there = comes(url, "--conversation", forked.split(" ").at(-1) ?? "")
  await there.line(ends("I know: one"))
  there.type("three")
  await there.line(ends("I know: one, three"))
  there.type("/fork nowhere")
  await there.line((line) => line.includes("There is no checkpoint"))
})
