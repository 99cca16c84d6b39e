/** What a node can be asked when somebody wants to know, as metrics. */
import { type NodeTraffic, noTraffic, type Traffic } from "../connection/traffic.ts"
import type { Instruments } from "./instruments.ts"

export interface MeasuredNode {
  /** The names of its gateways. */
  readonly gateways: readonly string[]
  /** Open connections. */
  connections(): number
  /** Conversations that it holds in memory. */
  conversations(): number
  traffic(): NodeTraffic
}

export function readNode(metrics: Instruments, node: MeasuredNode): void {
  metrics.chat_active_connections.set(node.connections())
  metrics.everthread_live_conversations.set(node.conversations())
  const { gateways, subscriptions, waitingBytes, waitingBytesLargest } = node.traffic()
  metrics.everthread_subscriptions.set(subscriptions)
  metrics.everthread_outbox_bytes.set(waitingBytes)
  metrics.everthread_outbox_largest_bytes.set(waitingBytesLargest)
  for (const gateway of node.gateways) {
    const { connections, traffic } = gateways.get(gateway) ?? { connections: 0, traffic: noTraffic }
    metrics.everthread_connections.set({ gateway }, connections)
    setTotals(metrics, gateway, traffic)
  }
}

const totals = {
  framesSent: "everthread_frames_sent_total",
  bytesSent: "everthread_sent_bytes_total",
  framesReceived: "everthread_frames_received_total",
  bytesReceived: "everthread_received_bytes_total",
} as const satisfies Record<keyof Traffic, keyof Instruments>

/** A counter of prom-client can only be added to; removing it and adding all of it, in one step, sets it. */
function setTotals(metrics: Instruments, gateway: string, traffic: Traffic): void {
  for (const [field, name] of Object.entries(totals) as [keyof Traffic, (typeof totals)[keyof Traffic]][]) {
    metrics[name].remove({ gateway })
    metrics[name].inc({ gateway }, traffic[field])
  }
}
