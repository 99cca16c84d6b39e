/** What the panel of `everthread dev` says of runs, and how it asks. */
import { systemClock } from "@everthread/protocol"
import { type ClusterNode, type ClusterRun, lineOf, runsOn } from "../src/cluster/cluster.ts"
import { ClusterFeed } from "../src/cluster/cluster-feed.ts"
import { clusterTexts, lineText } from "../src/cluster/cluster-texts.ts"

const node = (id: string, state: ClusterNode["state"]): ClusterNode => ({ id, state, connections: 0 })
const told: ClusterRun = {
  conversation: "c",
  run: "r",
  agent: "demo",
  asked: "tell me a story",
  status: "running",
  attempt: 1,
  node: "node-1",
  nodes: ["node-1"],
}

describe("[DEV3] what is said of a run", () => {
  test("is who works on it, for the first time or again", () => {
    const nodes = [node("node-1", "live"), node("node-2", "live")]
    expect(lineOf(told, nodes)).toEqual({ kind: "working", node: "node-1", attempt: 1 })
    const moved = { ...told, attempt: 2, node: "node-2", nodes: ["node-1", "node-2"] }
    expect(lineOf(moved, nodes)).toEqual({ kind: "recovering", node: "node-2", attempt: 2 })
    expect(nodes.map((each) => runsOn(each, [moved]))).toEqual([0, 1])
  })

  test.each(["down", "paused"] as const)("is that nobody works on it while its owner is %s", (state) => {
    const nodes = [node("node-1", state)]
    expect(lineOf(told, nodes)).toEqual({ kind: "orphaned", node: "node-1" })
    expect(nodes.map((each) => runsOn(each, [told]))).toEqual([0])
  })

  test("is where it ended, although nobody owns it any more", () => {
    const { node: _, ...free } = told
    const line = lineOf({ ...free, status: "completed", attempt: 2, nodes: ["node-1", "node-2"] }, [])
    expect(lineText(line, told, clusterTexts.en)).toBe("completed on node-2")
    expect(lineText(line, told, clusterTexts.zh)).toBe("在 node-2 上已完成")
  })
})

interface Asked {
  readonly path: string
  readonly token: string | null
  answer(status: number, body?: object, headers?: Record<string, string>): Promise<void>
}

/** A supervisor whose answers come when the test says so. */
function setUp() {
  const asked: Asked[] = []
  const fetch = (input: string | URL | Request, init: RequestInit = {}) =>
    new Promise<Response>((resolve) => {
      const token = new Headers(init.headers).get("everthread-dev")
      const answer = async (status: number, body: object = {}, headers: Record<string, string> = {}) => {
        resolve(new Response(JSON.stringify(body), { status, headers }))
        // Whoever waits for the answer and its body is told before the next turn.
        await new Promise((done) => setImmediate(done))
      }
      asked.push({ path: new URL(String(input)).pathname, token, answer })
    })
  const feed = new ClusterFeed({ origin: "http://x.example", token: "first", clock: systemClock, fetch })
  return { asked, feed }
}

describe("the feed", () => {
  test("an answer that is older than what is shown is not shown", async () => {
    const { asked, feed } = setUp()
    const stop = feed.run()
    void feed.act("node-1", "kill")
    const [look, kill] = asked
    expect([look?.path, kill?.path]).toEqual(["/dev/cluster", "/dev/nodes/node-1/kill"])
    await kill?.answer(200, { nodes: [node("node-1", "down")], runs: [] })
    await look?.answer(200, { nodes: [node("node-1", "live")], runs: [] })
    expect(feed.snapshot().cluster?.nodes[0]?.state).toBe("down")
    stop()
  })

  test("[DEV2] a supervisor that was started again has another token, which is asked for", async () => {
    const { asked, feed } = setUp()
    const acting = feed.act("node-1", "pause")
    await asked[0]?.answer(403)
    await asked[1]?.answer(200, { native: "/v1" }, { "everthread-dev": "second" })
    await acting
    void feed.act("node-1", "pause")
    expect(asked.map(({ path, token }) => [path, token])).toEqual([
      ["/dev/nodes/node-1/pause", "first"],
      ["/", null],
      ["/dev/nodes/node-1/pause", "second"],
    ])
  })
})
