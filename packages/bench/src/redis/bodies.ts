/** What is appended: texts of an exact size, in the shape of what the server stores. */

const filler = "the quick brown fox jumps over the lazy dog and goes on to look for another one "

/** A piece of a run's answer, as the agent appends it. `bytes` long, all of them ASCII. */
export const deltaBody = (bytes: number): string =>
  filled(bytes, (text) => ({ type: "delta", message: "Vq3kT9aXw2", block: 0, at: 1_234, text }))

/** What a person said. `bytes` long, all of them ASCII. */
export const messageBody = (bytes: number): string =>
  filled(bytes, (text) => ({ type: "message", by: { user: "u1", device: "d1" }, id: "Vq3kT9aXw2", text }))

function filled(bytes: number, event: (text: string) => object): string {
  const room = bytes - JSON.stringify(event("")).length
  if (room < 0) throw new Error(`an event does not fit into ${bytes} bytes`)
  return JSON.stringify(event(filler.repeat(Math.ceil(room / filler.length)).slice(0, room)))
}
