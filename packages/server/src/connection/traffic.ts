/**
 * What has gone over connections, and what waits for them, as plain numbers.
 *
 * Each connection counts its own while it lives, by adding to a number; they are added up only when somebody
 * asks. When it ends, its numbers go to its gateway's total, so the total only rises.
 */

export interface Traffic {
  readonly framesSent: number
  readonly bytesSent: number
  readonly framesReceived: number
  readonly bytesReceived: number
}

export const noTraffic: Traffic = { framesSent: 0, bytesSent: 0, framesReceived: 0, bytesReceived: 0 }

export function addTraffic(a: Traffic, b: Traffic): Traffic {
  return {
    framesSent: a.framesSent + b.framesSent,
    bytesSent: a.bytesSent + b.bytesSent,
    framesReceived: a.framesReceived + b.framesReceived,
    bytesReceived: a.bytesReceived + b.bytesReceived,
  }
}

/** A connection, as far as it is measured. */
export interface MeasuredConnection {
  readonly gateway: string
  readonly traffic: Traffic
  readonly subscriptions: number
  /** Bytes that wait for its device. */
  readonly waitingBytes: number
}

export interface GatewayTraffic {
  readonly connections: number
  readonly traffic: Traffic
}

export interface NodeTraffic {
  readonly gateways: ReadonlyMap<string, GatewayTraffic>
  readonly subscriptions: number
  readonly waitingBytes: number
  /** Of the connection for which most waits. */
  readonly waitingBytesLargest: number
}

/** @param ended by gateway: what has gone over connections that have ended. */
export function addUp(connections: Iterable<MeasuredConnection>, ended: ReadonlyMap<string, Traffic>): NodeTraffic {
  const gateways = new Map<string, GatewayTraffic>()
  for (const [gateway, traffic] of ended) gateways.set(gateway, { connections: 0, traffic })
  let [subscriptions, waitingBytes, waitingBytesLargest] = [0, 0, 0]
  for (const connection of connections) {
    const held = gateways.get(connection.gateway) ?? { connections: 0, traffic: noTraffic }
    const traffic = addTraffic(held.traffic, connection.traffic)
    gateways.set(connection.gateway, { connections: held.connections + 1, traffic })
    subscriptions += connection.subscriptions
    waitingBytes += connection.waitingBytes
    waitingBytesLargest = Math.max(waitingBytesLargest, connection.waitingBytes)
  }
  return { gateways, subscriptions, waitingBytes, waitingBytesLargest }
}
