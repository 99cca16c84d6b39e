/** A node is started as whoever looks after it does: again and again, because its store may be away, too. */
import { type FaultNode, until } from "@everthread/stage"

const startMsMax = 90_000

export async function startAgain(node: FaultNode): Promise<void> {
  await until(`${node.name} to serve again`, () => started(node), startMsMax)
}

/** What it says of why it could not is no reason to give up. */
async function started(node: FaultNode): Promise<boolean> {
  await node.start().catch((error: unknown) => {
    throw new Error("it did not start", { cause: error })
  })
  return true
}
