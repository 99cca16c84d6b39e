/**
 * Asks a server something while packets to and from it are dropped, and once more afterwards; prints what got through. To be
 * run in a network of its own: `node probe.mjs <port> <rules as JSON>`.
 */
import { execFileSync } from "node:child_process"
import { once } from "node:events"
import { connect, createServer } from "node:net"

const [, , port, rules] = process.argv
const filter = (how) => {
  for (const rule of JSON.parse(rules)) execFileSync("iptables", ["-w", how, ...rule])
}

const seen = { isHeard: false, isAnswered: false }
const server = createServer((socket) => {
  socket.on("data", (bytes) => {
    seen.isHeard = true
    socket.write(bytes)
  })
})
server.listen(Number(port), "127.0.0.1")
await once(server, "listening")
const client = connect({ port: Number(port), host: "127.0.0.1" })
await once(client, "connect")
client.on("data", () => {
  seen.isAnswered = true
})

/** Of another server, whom no rule concerns: when it has answered so often, this one would have, too. */
async function askBeside() {
  const other = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1")
  await once(other, "listening")
  const socket = connect({ port: other.address().port, host: "127.0.0.1" })
  for (let time = 0; time < 200; time++) {
    socket.write("x")
    await once(socket, "data")
  }
  socket.destroy()
  other.close()
}

filter("-A")
client.write("dropped")
await askBeside()
const dropped = { ...seen }
filter("-D")
// What was dropped was sent again and again, and comes late.
while (!seen.isAnswered) await once(client, "data")
process.stdout.write(JSON.stringify({ dropped, mended: seen }))
process.exit(0)
