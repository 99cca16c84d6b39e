/**
 * Every metric of Everthread's own. Add one here and it is registered and described in docs/metrics.md; give it its
 * numbers in the file beside this one that knows them: `core-meter.ts`, `node-gauges.ts` and so on.
 *
 * Names follow Prometheus: base units, `_total` on counters. The four `chat_` ones are what the first users
 * chart, and keep their names. A label's values are a short list that this server knows, never a user, a
 * conversation or anything else from outside.
 */
import { errorRules } from "@everthread/protocol"
import { counter, gauge, type Metric, times } from "./metric.ts"

/** The gateways' own names. */
const gateways = { named: "a wire protocol that this node speaks, such as `native` or `simple`" }

export const table = {
  chat_active_connections: gauge({
    en: "Open WebSocket connections of this node.",
    zh: "本节点当前打开的 WebSocket 连接数。",
  }),
  chat_messages_processed_total: counter({
    en: "Messages of people that were stored through this node. A repeated send counts once.",
    zh: "经本节点存储的用户消息数。重复发送只计一次。",
  }),
  chat_message_latency: times({
    en: "Time from taking a person's message up to its being stored, which is when it is acknowledged.",
    zh: "从收到用户消息到完成存储（即确认）的时间。",
  }),
  chat_redis_memory_usage: gauge({
    unit: "bytes",
    en: "Memory that the Redis of this node uses. No sample where the store is not Redis, or does not answer in time.",
    zh: "本节点所用 Redis 的内存占用。存储不是 Redis 或未及时应答时没有数据点。",
  }),

  everthread_connections: gauge({
    labels: { gateway: gateways },
    en: "Open connections, by the protocol they speak: sockets, and streams over HTTP.",
    zh: "当前打开的连接数（套接字与 HTTP 事件流），按协议区分。",
  }),
  everthread_subscriptions: gauge({
    en: "Conversations that connections of this node follow, counted once for each connection.",
    zh: "本节点各连接的订阅总数。",
  }),
  everthread_live_conversations: gauge({
    en: "Conversations that this node holds in memory, because somebody follows or uses them.",
    zh: "本节点内存中的活跃对话数。",
  }),
  everthread_frames_sent_total: counter({
    labels: { gateway: gateways },
    en: "Pieces handed to the network: frames, pings included. Frames that are made together count as one.",
    zh: "交给网络的帧数，包括 ping；合并生成的帧计为一个。",
  }),
  everthread_frames_received_total: counter({
    labels: { gateway: gateways },
    en: "Text frames that came from devices.",
    zh: "从设备收到的文本帧数。",
  }),
  everthread_sent_bytes_total: counter({
    unit: "bytes",
    labels: { gateway: gateways },
    en: "Bytes of frames handed to the network.",
    zh: "交给网络的帧的字节数。",
  }),
  everthread_received_bytes_total: counter({
    unit: "bytes",
    labels: { gateway: gateways },
    en: "Bytes that came from devices, with everything that WebSocket adds and the request that opened it.",
    zh: "从设备收到的字节数，包括 WebSocket 的开销和建立连接的请求。",
  }),
  everthread_outbox_bytes: gauge({
    unit: "bytes",
    en: "Bytes that wait for slow connections, all together.",
    zh: "等待发送给慢连接的字节总数。",
  }),
  everthread_outbox_largest_bytes: gauge({
    unit: "bytes",
    en: "Bytes that wait for the slowest connection at this moment. At `websocket.outbox_bytes` it is let go.",
    zh: "当前积压最多的连接的待发字节数；超过 `websocket.outbox_bytes` 即断开。",
  }),
  everthread_slow_consumers_total: counter({
    en: "Connections that were let go because their device did not read fast enough (4408). They come back and resume.",
    zh: "因读取太慢而被断开的连接数（4408），它们会重连并续传。",
  }),

  everthread_append_seconds: times({
    labels: { what: ["send", "output", "other"] },
    en: "Time from asking the store for an append to its answer: people's messages (`send`), runs' output (`output`), everything else.",
    zh: "从请求存储写入到得到应答的时间：用户消息（`send`）、运行输出（`output`）、其他。",
  }),
  everthread_delivery_seconds: times({
    en: "Time from asking the store for a person's message, sent on this node, until it was handed to this node's connections.",
    zh: "在本节点发送的用户消息，从请求存储到交给本节点各连接的时间。",
  }),
  everthread_delivery_from_other_nodes_seconds: times({
    en:
      "Time from the time in a person's message, sent on another node, until it was handed to this node's connections. " +
      "Two clocks: if the other node's is ahead, this is too short, down to 0; if it is behind, too long, by as much.",
    zh:
      "在其他节点发送的用户消息，从消息中的时间到交给本节点各连接的时间。涉及两个时钟：对方时钟偏快则结果偏小（最小为 0），" +
      "偏慢则偏大，差多少偏多少。",
  }),
  everthread_gap_fills_total: counter({
    en: "Reads that brought a node what the store had not told it, or not in turn. Some are normal; many mean that announcements get lost.",
    zh: "补读次数：节点未按序收到通知而从存储补读。少量属正常，大量说明通知丢失。",
  }),
  everthread_resets_total: counter({
    labels: { reason: ["diverged", "trimmed"] },
    en: "Devices whose state was replaced by a snapshot: `trimmed`, they were away for long; `diverged`, the store lost history.",
    zh: "设备状态被快照替换的次数：`trimmed` 表示离线太久，`diverged` 表示存储丢失了历史。",
  }),
  everthread_rate_limited_sends_total: counter({
    en: "Messages that were refused because their sender has sent too many.",
    zh: "因发送过于频繁而被拒绝的消息数。",
  }),
  everthread_expiries_total: counter({
    en: "Times that this node has found messages of a conversation expired, and said so in its log.",
    zh: "本节点发现某个对话有消息到期并记入日志的次数。",
  }),
  everthread_errors_sent_total: counter({
    labels: { code: Object.keys(errorRules) },
    en: "Errors that devices were told of, by the code of the table of errors.",
    zh: "发给设备的错误数，按错误码区分。",
  }),

  everthread_runs: gauge({
    labels: { state: ["active", "queued"] },
    en: "Runs: those that this node's worker works on (`active`), and those of the whole store that waited for a worker when it looked last (`queued`).",
    zh: "运行数：本节点正在处理的（`active`），以及上次查看时整个存储中等待处理的（`queued`）。",
  }),
  everthread_attempts_started_total: counter({
    en: "Attempts at runs that this node's worker began.",
    zh: "本节点开始的运行尝试次数。",
  }),
  everthread_attempts_ended_total: counter({
    labels: { end: ["ended", "waiting", "handed-over", "lost"] },
    en: "How those attempts came to their end: the run `ended`, it is `waiting` for people, another node goes on (`handed-over`), or this node `lost` it.",
    zh: "尝试的结局：运行结束（`ended`）、等待人工（`waiting`）、交由其他节点（`handed-over`）、失去所有权（`lost`）。",
  }),
  everthread_takeovers_total: counter({
    en: "Runs that this node took over from an owner that was gone: another node, or itself before it was started again.",
    zh: "本节点接管的运行数：原属失联的其他节点，或重启前的本节点。",
  }),
  everthread_fenced_writes_total: counter({
    en: "Writes of runs that the store refused because this node does not own them any more.",
    zh: "因已失去所有权而被存储拒绝的运行写入次数。",
  }),

  everthread_event_loop_lag_seconds: times({
    en: "How late a timer of this process fired, ten times a second. About a millisecond is normal; more means that the CPU is short, or that something holds the process up.",
    zh: "本进程的定时器延迟，每秒采样十次。约一毫秒属正常；更大说明 CPU 不足或进程被阻塞。",
  }),
  everthread_engine_state: gauge({
    labels: { state: ["ready", "read-only", "unavailable"] },
    en: "1 for the state that the store is in, 0 for the others.",
    zh: "存储当前所处的状态为 1，其余为 0。",
  }),
  everthread_engine_round_trip_seconds: times({
    labels: {
      operation: { named: "what the store was asked, from the engine's own short list, such as `append`" },
      outcome: ["answered", "failed"],
    },
    en: "Time from asking the store to its answer, or until it was given up. None where the store is part of this process.",
    zh: "请求存储到得到应答（或放弃）的时间。存储在本进程内时没有数据。",
  }),
  everthread_engine_reconnects_total: counter({
    labels: { connection: ["commands", "subscriber"] },
    en: "Connections to the store that were lost or given up, and replaced.",
    zh: "与存储的连接断开或放弃后重建的次数。",
  }),
} satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof table
