/** Devices that misbehave or are mistreated: what a node makes of them, and what everybody is shown in the end. */
import { check, seededRandom } from "@everthread/sim"
import { answerTo, until } from "@everthread/stage"
import type { Deployment } from "../../src/deployment/deployment.ts"
import { Stand } from "../../src/deployment/stand.ts"
import { RawConnection } from "../../src/nemesis/devices/raw-connection.ts"
import { slowDevices } from "../../src/nemesis/devices/slow-devices.ts"
import { storm } from "../../src/nemesis/devices/storm.ts"
import { stutter } from "../../src/nemesis/devices/stutter.ts"
import { Stutterer } from "../../src/nemesis/devices/stutterer.ts"
import { Crowd } from "../../src/people/crowd.ts"
import { Device } from "../../src/people/device.ts"
import { NodePlace } from "../../src/people/node-place.ts"
import { rest } from "../../src/people/rest.ts"
import { seenIn, withLogs } from "../../src/people/seen.ts"
import { headByFirst, namesOf } from "../../src/people/unrest.ts"

let stand: Stand
let crowd: Crowd
let place: NodePlace
let deployment: Deployment
const random = seededRandom(7)

beforeAll(async () => {
  stand = await Stand.start({ kind: "redis", nodes: 2, hasOwnNetwork: false })
  place = new NodePlace(stand.places, random.fraction)
  crowd = await Crowd.gather({ devices: 2, conversations: 1 }, place, random)
  deployment = stand.with(crowd)
})
afterAll(async () => {
  for (const guest of deployment.guests) guest.close()
  crowd.close()
  await stand.stop()
})

/** All that everybody saw, held against what is promised. */
async function judged() {
  const [conversation = ""] = crowd.conversations
  const people = { devices: crowd.devices, guests: deployment.guests }
  await stand.withHead((headOf) => rest(people, conversation, headOf ?? headByFirst(people)))
  const seen = await seenIn(people, conversation, place)
  const histories = await stand.read((engine) => withLogs([seen], engine))
  const expected = { rollback: false, present: namesOf(people), answer: answerTo }
  return { histories, findings: histories.flatMap((history) => check(history, expected)) }
}

test("[ACK3] what is said several times, to several nodes, in another order each time, is said once", async () => {
  const [conversation = ""] = crowd.conversations
  const harm = await stutter.begin(deployment, random)
  const [guest] = deployment.guests
  expect(harm?.target).toBe(guest?.name)
  await until("enough to be said", async () => crowd.devices[0] && crowd.devices[0].seqIn(conversation) > 20)
  await harm?.heal()
  const { histories, findings } = await judged()
  expect(findings).toEqual([])
  const sent = histories[0]?.devices.find(({ device }) => `${guest?.name}`.endsWith(device))?.sent ?? []
  expect(sent.length).toBeGreaterThan(10)
  expect(sent.every(({ ack, times }) => ack !== undefined && times > 1)).toBe(true)
})

test("a message that it never said is found out", async () => {
  const [conversation = ""] = crowd.conversations
  const stutterer = new Stutterer("ada", deployment, random)
  deployment.guests.push(stutterer)
  const liar = { user: "ada", device: stutterer.name.slice("ada/".length) }
  const connection = new RawConnection(
    [...deployment.toNode.values()].map(({ port }) => `ws://127.0.0.1:${port}`)[0] ?? "",
    liar,
    {
      received: () => undefined,
    },
  )
  connection.send({ type: "send", id: 1, key: "a-lie", conversation, text: "nobody noted this" })
  const texts = () =>
    crowd.devices[0]
      ?.follow(conversation)
      .conversation.snapshot()
      .state.messages.map(({ text }) => text)
  await until("it to be there", async () => texts()?.includes("nobody noted this"))
  connection.close()
  expect((await judged()).findings.map(({ law }) => law)).toContain("phantom")
})

test("[SUB2] a storm cuts everybody off, and everybody is back, with all who came", async () => {
  const subscriptions = () => crowd.devices.map((device) => device.tap.chains(crowd.conversations[0] ?? "").length)
  const before = subscriptions()
  const harm = await storm.begin(deployment, random)
  await until("everybody to come again", async () => subscriptions().every((now, index) => now > (before[index] ?? 0)))
  await harm?.heal()
  expect(deployment.take("devices")).toBeDefined()
  const away = crowd.watched.filter(({ conversation }) => conversation.snapshot().status !== "live")
  await until("the crowd to be live", async () => away.every(({ awaits }) => awaits === undefined))
})

test("[DLV3] slow devices get a trickle, and then all of it; the others notice nothing", async () => {
  const [conversation = ""] = crowd.conversations
  const [first, second] = stand.places.map(({ url = "" }) => ({ anyNode: () => url }))
  if (!first || !second) throw new Error("there are two nodes")
  const [slow, quick] = [new Device("ada", "slow", first), new Device("ada", "quick", second)]
  const both = [slow, quick].map((device) => device.follow(conversation))
  await until("both to be live", async () => both.every(({ awaits }) => awaits === undefined))
  const harm = await slowDevices.begin(deployment, { ...random, fraction: () => 0 })
  expect(harm?.target).toBe(slow.node)
  const before = slow.seqIn(conversation)
  both[1]?.write("x".repeat(5_000))
  await until("the other to have it", async () => quick.seqIn(conversation) > before)
  const stored = quick.seqIn(conversation)
  expect(slow.seqIn(conversation)).toBe(before)
  await harm?.heal()
  await until("it to be everywhere", async () => slow.seqIn(conversation) >= stored)
  for (const device of [slow, quick]) device.close()
})
