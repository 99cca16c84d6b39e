/** Devices and plain requests that come through nginx, from whatever address of this machine's they like. */
import { request } from "node:http"
import { text } from "node:stream/consumers"
import { SimpleClient } from "../../../packages/server/test/simple/support/simple-client.ts"

export const wsUrl = (port: number, path = "/ws") => `ws://127.0.0.1:${port}${path}`

/** One address in each of many networks: ip_hash looks at the first three numbers only. */
export const addressIn = (network: number) => `127.0.${network}.1`

/** @returns the name of the node that nginx chose, and the connection, which has said nothing yet. */
export async function openAnywhere(port: number, localAddress: string, headers: Readonly<Record<string, string>> = {}) {
  const client = await SimpleClient.open(wsUrl(port), { localAddress, headers })
  client.send({ type: "health_check" })
  const { server_id } = await client.next()
  return { client, node: server_id }
}

const networks = 254

/** A connection to this node, and where it comes from: nginx is asked from one address after the other until it chooses it. */
export async function openOn(port: number, name: string): Promise<{ client: SimpleClient; localAddress: string }> {
  for (let network = 1; network <= networks; network++) {
    const localAddress = addressIn(network)
    const { client, node } = await openAnywhere(port, localAddress)
    if (node === name) return { client, localAddress }
    await client.close()
  }
  throw new Error(`nginx never chose ${name}`)
}

export interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>
  readonly localAddress?: string
}

export function get(port: number, path: string, { headers = {}, localAddress = "127.0.0.1" }: Asking = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, localAddress, agent: false }, (response) => {
      const { statusCode: status } = response
      text(response).then((body) => resolve({ status, headers: response.headers, body }), reject)
    })
    sent.once("error", reject).end()
  })
}
