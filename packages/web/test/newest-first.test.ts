/** The order in which checkpoints are shown. */
import type { CheckpointEntry } from "@everthread/protocol"
import { newestFirst } from "../src/model/newest-first.ts"

const at = (checkpoint: string, time: number) => ({ checkpoint, time }) as CheckpointEntry

test("the newest comes first, and of one moment what the server gave first", () => {
  const given = [at("d", 3), at("c", 4), at("b", 1), at("a", 1)]
  expect(newestFirst(given).map(({ checkpoint }) => checkpoint)).toEqual(["c", "d", "b", "a"])
})
