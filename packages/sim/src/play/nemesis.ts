/** Does what a plan says, and mends it when its time is over. One table: whatever a plan may have has its line here. */
import { calm } from "../engine/pub-sub.ts"
import type { Fault } from "../plan/plan.ts"
import type { World } from "./world.ts"

type Doers = { readonly [T in Fault["type"]]: (world: World, fault: Extract<Fault, { readonly type: T }>) => void }

const doers: Doers = {
  weather(world, { loss, duplication, lateness, forMs }) {
    world.pubSub.faults = { loss, duplication, lateness }
    later(world, forMs, () => {
      world.pubSub.faults = calm
    })
  },
  "kill node"(world, { node, forMs }) {
    world.killNode(node)
    later(world, forMs, () => world.startNode(node))
  },
  "pause node"(world, { node, forMs }) {
    const { host } = world.node(node)
    host.pause()
    later(world, forMs, () => host.resume())
  },
  "drain node"(world, { node, forMs }) {
    void world.node(node).drain()
    later(world, forMs + drainMs, () => world.startNode(node))
  },
  "part node"(world, { node, forMs }) {
    const { link } = world.node(node)
    link.cut(() => world.stream(`part ${world.nowMs()}`).fraction() < 0.5)
    later(world, forMs, () => link.mend())
  },
  "slow node"(world, { node, byMs, forMs }) {
    world.slowNode(node, byMs)
    later(world, forMs, () => world.slowNode(node, 0))
  },
  "jump node"(world, { node, byMs }) {
    world.node(node).host.jump(byMs)
  },
  "freeze store"(world, { forMs }) {
    world.storeHost.pause()
    later(world, forMs, () => world.storeHost.resume())
  },
  "restart store"(world, { lost, forMs }) {
    world.restartStore(lost)
    later(world, forMs, () => world.mendLinks())
  },
  "cut device"(world, { device }) {
    for (const wire of wiresOf(world, device)) wire.cut()
  },
  "silence device"(world, { device }) {
    for (const wire of wiresOf(world, device)) wire.fallSilent()
  },
  "pause device"(world, { device, forMs }) {
    const host = world.devices[device]?.host
    host?.pause()
    later(world, forMs, () => host?.resume())
  },
  "end device"(world, { device }) {
    const found = world.devices[device]
    if (found) world.endDevice(found, "for good")
  },
  "restart device"(world, { device, forMs }) {
    const found = world.devices[device]
    if (!found || found.host.isDead) return
    world.endDevice(found, "for now")
    later(world, forMs, () => found.startAgain())
  },
}

/** Longer than a node takes to leave in good order. */
const drainMs = 1_500

export function strike(world: World, fault: Fault): void {
  const { type, ...rest } = fault
  world.timeline.note("nemesis", `${type} ${JSON.stringify(rest)}`)
  const strikeWith = doers[type] as (world: World, fault: Fault) => void
  strikeWith(world, fault)
}

/** Whatever is wrong is so no more. */
export function mendAll(world: World): void {
  world.timeline.note("nemesis", "all is mended")
  world.pubSub.faults = calm
  world.storeHost.resume()
  world.mendLinks()
  for (const [index, { host }] of world.nodes.entries()) {
    host.resume()
    world.slowNode(index, 0)
    world.startNode(index)
  }
  for (const device of world.devices) {
    device.host.resume()
    device.startAgain()
  }
}

function later(world: World, forMs: number, mend: () => void): void {
  world.scheduler.after(forMs, mend)
}

const wiresOf = (world: World, device: number) => {
  const found = world.devices[device]
  return found ? world.wiresOfDevice(found) : []
}
