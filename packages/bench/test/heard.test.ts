/** Whoever waits for something on a connection goes on when it was heard so often, however the bytes come. */
import { Heard } from "../src/growth/heard.ts"

test("it is counted over pieces, and who comes late does not wait", async () => {
  const heard = new Heard("live")
  const second = heard.reached(2)
  for (const piece of ["a li", "ve b", "live"]) heard.look(Buffer.from(piece))
  await second
  await heard.reached(2)
  let isThird = false
  const third = heard.reached(3).then(() => {
    isThird = true
  })
  heard.look(Buffer.from("nothing"))
  await Promise.resolve()
  expect(isThird).toBe(false)
  heard.look(Buffer.from("live"))
  await third
})
