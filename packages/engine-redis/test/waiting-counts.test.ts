/** Which counts travel together, and when. */
import { ManualClock } from "../../../test/support/manual-clock.ts"
import { type Users, waitingCounts } from "../src/waiting-counts.ts"

function counts() {
  const clock = new ManualClock()
  const sent: [number, Users][] = []
  return { clock, sent, waiting: waitingCounts(clock, (partition, users) => void sent.push([partition, users])) }
}

test("counts wait for each other, those of one partition travel together, and what comes later is sent later", async () => {
  const { clock, sent, waiting } = counts()
  waiting.add(1, "ada")
  waiting.add(2, "bob")
  waiting.add(1, "eve")
  expect(sent).toEqual([])
  await clock.advance(50)
  expect(sent).toEqual([
    [1, ["ada", "eve"]],
    [2, ["bob"]],
  ])
  waiting.add(1, "ada")
  await clock.advance(50)
  expect(sent.slice(2)).toEqual([[1, ["ada"]]])
})

test("what is flushed goes at once, and not again", async () => {
  const { clock, sent, waiting } = counts()
  waiting.add(1, "ada")
  waiting.add(2, "bob")
  waiting.flush(1)
  expect(sent).toEqual([[1, ["ada"]]])
  waiting.flush(1)
  await clock.advance(50)
  expect(sent).toEqual([
    [1, ["ada"]],
    [2, ["bob"]],
  ])
})

test("one call names a bounded number of users", async () => {
  const { clock, sent, waiting } = counts()
  for (let user = 0; user < 100; user++) waiting.add(1, `user-${user}`)
  await clock.advance(50)
  expect(sent.map(([, users]) => users.length)).toEqual([64, 36])
})
