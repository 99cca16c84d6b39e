/** Plans that have found something, each with its story, newest last. */
import type { Plan } from "../../src/plan/plan.ts"

export interface Kept {
  readonly story: string
  /** The name of a mutant that makes the mistake again. */
  readonly mistake?: string
  readonly plan: Plan
}

const phone = { user: "ada", device: "phone" }
const laptop = { user: "ada", device: "laptop" }
const bob = { user: "bob", device: "phone" }

export const kept: readonly Kept[] = [
  {
    story: "an owner dies when its tool has done what it does, and the next one is told so",
    mistake: "a tool that another owner has begun is begun as if nobody had",
    plan: {
      seed: 10,
      nodes: 3,
      devices: [phone, laptop, bob],
      steps: [
        { atMs: 395, what: { type: "write", device: 2, agent: true } },
        { atMs: 500, what: { type: "pause node", node: 1, forMs: 1363 } },
        { atMs: 803, what: { type: "write", device: 0, agent: true, whenBusy: "interrupt" } },
        { atMs: 1928, what: { type: "write", device: 1, agent: true } },
        { atMs: 1934, what: { type: "write", device: 2, agent: true, whenBusy: "interrupt" } },
        { atMs: 2402, what: { type: "kill node", node: 2, forMs: 1765 } },
      ],
      compaction: { snapshotEveryEntries: 24, tailEntries: 23 },
    },
  },
  {
    story:
      "what is written without a connection, right before the program ends, is sent by the program that comes after it",
    mistake: "an outbox that does not outlive its program",
    plan: {
      seed: 113,
      nodes: 3,
      devices: [phone, laptop],
      steps: [
        { atMs: 420, what: { type: "cut device", device: 0 } },
        { atMs: 447, what: { type: "write", device: 0, agent: false } },
        { atMs: 524, what: { type: "restart device", device: 0, forMs: 1010 } },
      ],
    },
  },
  {
    story: "a message that steers is taken in by the run that is under way, and by no other one",
    mistake: "what a busy agent has taken in stays in the queue",
    plan: {
      seed: 5,
      nodes: 3,
      devices: [phone, laptop, bob],
      steps: [
        { atMs: 1747, what: { type: "write", device: 2, agent: true } },
        { atMs: 1823, what: { type: "write", device: 1, agent: true, whenBusy: "steer" } },
      ],
      compaction: { snapshotEveryEntries: 20, tailEntries: 20 },
    },
  },
  {
    story:
      "a log of which nothing is kept behind its snapshot still ends where it ended, which the simulation itself had overlooked",
    plan: {
      seed: 72,
      nodes: 2,
      devices: [phone, laptop],
      steps: [{ atMs: 2379, what: { type: "write", device: 0, agent: true, whenBusy: "reject" } }],
      compaction: { snapshotEveryEntries: 26, tailEntries: 0 },
    },
  },
  {
    story:
      "a run that was looked at once more begins behind a message that was put before it meanwhile, asks, and loses its thread, and what it was told, to that one's run",
    plan: {
      seed: 3397,
      nodes: 3,
      devices: [phone, laptop],
      steps: [
        { atMs: 153, what: { type: "write", device: 0, agent: false } },
        { atMs: 715, what: { type: "write", device: 0, agent: true, whenBusy: "reject" } },
        { atMs: 1326, what: { type: "kill node", node: 0, forMs: 1631 } },
        { atMs: 1365, what: { type: "write", device: 1, agent: true, whenBusy: "reject" } },
        { atMs: 1379, what: { type: "write", device: 1, agent: true, whenBusy: "steer" } },
        { atMs: 1518, what: { type: "write", device: 1, agent: true } },
        { atMs: 1754, what: { type: "write", device: 1, agent: true, whenBusy: "interrupt" } },
        { atMs: 1945, what: { type: "write", device: 0, agent: false } },
      ],
      compaction: { snapshotEveryEntries: 39, tailEntries: 12 },
    },
  },
  {
    story:
      "a device that was silent while the store went back, and comes so late that its place was trimmed, is told that, and not that it holds another history: the checker had overlooked it",
    plan: {
      seed: 1119,
      nodes: 2,
      devices: [phone, laptop],
      steps: [
        { atMs: 701, what: { type: "write", device: 0, agent: true } },
        { atMs: 1093, what: { type: "silence device", device: 0 } },
        { atMs: 2033, what: { type: "restart store", lost: 21, forMs: 222 } },
        { atMs: 2053, what: { type: "write", device: 1, agent: false } },
        { atMs: 2492, what: { type: "write", device: 1, agent: true, whenBusy: "interrupt" } },
      ],
      compaction: { snapshotEveryEntries: 19, tailEntries: 32 },
    },
  },
  {
    story:
      "two messages that wait in two conversations under one key are two: the outbox took them for one, and said of both that they were stored",
    plan: {
      seed: 27,
      nodes: 3,
      devices: [phone, laptop, bob],
      conversations: [
        { id: "talk", users: ["ada", "bob"] },
        { id: "walk", users: ["ada"] },
      ],
      steps: [
        { atMs: 706, what: { type: "pause device", device: 1, forMs: 1539 } },
        { atMs: 1516, what: { type: "write", device: 1, agent: false, in: 1 } },
        { atMs: 2203, what: { type: "write", device: 1, agent: false } },
      ],
      compaction: { snapshotEveryEntries: 23, tailEntries: 35 },
    },
  },
  {
    story:
      "what a store has lost is sent again, though another user's device of the same name had written under the same key",
    plan: {
      seed: 1238,
      nodes: 2,
      devices: [phone, laptop, bob, { user: "cyd", device: "tablet" }],
      conversations: [
        { id: "talk", users: ["ada", "bob", "cyd"] },
        { id: "walk", users: ["ada", "bob", "cyd"] },
      ],
      steps: [
        { atMs: 86, what: { type: "write", device: 0, agent: true } },
        { atMs: 1168, what: { type: "write", device: 2, agent: true } },
        { atMs: 1194, what: { type: "restart store", lost: 25, forMs: 58 } },
      ],
      compaction: { snapshotEveryEntries: 6, tailEntries: 9 },
    },
  },
  {
    story:
      "what was acknowledged, and lost with its store before anybody was shown it, is sent again on the same connection",
    plan: {
      seed: 1934,
      nodes: 3,
      devices: [phone, laptop],
      conversations: [
        { id: "talk", users: ["ada"] },
        { id: "walk", users: ["ada"] },
      ],
      steps: [
        {
          atMs: 1270,
          what: {
            type: "weather",
            loss: 0.15548639942426234,
            duplication: 0,
            lateness: 0.04009427456185222,
            forMs: 1104,
          },
        },
        { atMs: 1654, what: { type: "write", device: 0, agent: false, in: 1 } },
        { atMs: 1999, what: { type: "restart store", lost: 23, forMs: 221 } },
      ],
      compaction: { snapshotEveryEntries: 22, tailEntries: 40 },
    },
  },
]
