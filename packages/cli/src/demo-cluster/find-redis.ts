/** Looks whether a Redis answers at an address, without a word about it if none does. */
import { connect } from "node:net"
import type { Clock } from "@everthread/protocol"

/** One on this machine answers within a millisecond or two. */
const answerMs = 300

/** @returns whether it says PONG in time; one that asks for a password does not. */
export function answersPing(host: string, port: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answers: boolean) => {
      clock.stopTimer(timer)
      socket.destroy()
      resolve(answers)
    }
    const timer = clock.startTimer(answerMs, () => end(false))
    socket.once("connect", () => socket.write("PING\r\n"))
    socket.once("data", (data) => end(String(data).startsWith("+PONG")))
    socket.once("error", () => end(false))
    socket.once("close", () => end(false))
  })
}
