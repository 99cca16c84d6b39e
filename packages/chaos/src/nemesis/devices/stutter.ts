/** Messages that are sent two or three times, and in another order each time: each of them is one message. (SPEC ACK3) */

import { anyOf } from "@everthread/sim"
import { again } from "../again.ts"
import type { Nemesis } from "../nemesis.ts"
import { Stutterer } from "./stutterer.ts"

const betweenMsMax = 500
const messagesMax = 6

export const stutter: Nemesis = {
  name: "stutter",
  about: "a device says everything two or three times, to several nodes at once, in another order each time",
  lastsMs: { least: 1_500, most: 5_000 },
  unfit: () => undefined,
  async begin(deployment, random) {
    const { crowd, guests } = deployment
    const user = anyOf(random, crowd.devices)?.user
    if (user === undefined) return undefined
    const stutterer = new Stutterer(user, deployment, random)
    guests.push(stutterer)
    const heal = again(random, betweenMsMax, async () => {
      const conversation = anyOf(random, crowd.conversations)
      if (conversation) stutterer.say(conversation, 1 + Math.floor(random.fraction() * messagesMax))
    })
    return { target: stutterer.name, what: "said everything two or three times", heal }
  },
}
