/** What the core tells, as metrics. */
import type { Clock } from "@everthread/protocol"
import type { Meter } from "../core/meter.ts"
import { DeliveryTimes } from "./delivery-times.ts"
import type { Instruments } from "./instruments.ts"

export function coreMeter(metrics: Instruments, clock: Clock): Meter {
  const deliveries = new DeliveryTimes(
    clock,
    metrics.everthread_delivery_seconds,
    metrics.everthread_delivery_from_other_nodes_seconds,
  )
  return {
    sending: (nonce) => deliveries.sending(nonce),
    appended: (what, seconds) => metrics.everthread_append_seconds.observe({ what }, seconds),
    messageStored(seconds) {
      metrics.chat_messages_processed_total.inc()
      metrics.chat_message_latency.observe(seconds)
    },
    delivered: (frame) => deliveries.delivered(frame),
    filled: () => metrics.everthread_gap_fills_total.inc(),
    reset: (reason) => metrics.everthread_resets_total.inc({ reason }),
    slowConsumer: () => metrics.everthread_slow_consumers_total.inc(),
    expired: () => metrics.everthread_expiries_total.inc(),
    rateLimited: () => metrics.everthread_rate_limited_sends_total.inc(),
    errorSent: (code) => metrics.everthread_errors_sent_total.inc({ code }),
  }
}
