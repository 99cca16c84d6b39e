/**
 * Keeps a fixed number of operations under way until so many are done.
 *
 * Each lane starts its next operation when its last one was answered, as a run does with its output and a person with
 * what they write: `inFlight` lanes are as many calls that wait for an answer at any moment.
 */

/** One operation of a lane. Throws when it did not do what it was to do: a fast refusal is not a fast append. */
export type Operation = (lane: number) => Promise<void>

export async function drive(inFlight: number, count: number, operation: Operation): Promise<void> {
  let left = count
  const lane = async (index: number): Promise<void> => {
    while (left > 0) {
      left -= 1
      await operation(index)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, index) => lane(index)))
}
