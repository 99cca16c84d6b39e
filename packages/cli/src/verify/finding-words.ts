/** What each finding means, and what to do next, in each language. */
import type { Words } from "@everthread/server/config"
import type { Finding, FindingKind } from "./finding.ts"

interface FindingWords {
  readonly what: (finding: Finding) => Words
  readonly mend: Words
}

const restore: Words = {
  en: "Restore a backup from before it happened, beside this store, and compare. What devices still hold they send again by themselves after that.",
  zh: "在此存储之外恢复事发前的备份并对照。此后各设备会自动重发其仍持有的内容。",
}
const written: Words = {
  en: "Find out what else writes to this store, and stop it. If all nodes were just updated, the state is of an older version: it is written anew when the log has grown by 512 entries.",
  zh: "查明还有什么程序在写入此存储并停止它。若各节点刚升级过，则该状态由旧版本写成：日志再增长 512 条后会重新写入。",
}
const members: Words = {
  en: "Have an owner remove the member and invite them again: both lists are then written in one step.",
  zh: "请所有者移除该成员后重新邀请：两份列表会在同一步中写入。",
}
const runs: Words = {
  en: "Stop the run from any device, or send a message: either lists the runs of the conversation anew.",
  zh: "在任一设备上停止该运行，或发送一条消息：两者都会重新登记该对话的运行。",
}
const thread: Words = {
  en: "The agent may not remember what was said. Fork the conversation at an older checkpoint, or restore a backup. If checkpoints expire here, name the servers' own --config.",
  zh: "智能体可能不记得说过的话。可在更早的检查点分叉对话，或恢复备份。若此处的检查点会过期，请用 --config 指定服务器自己的配置。",
}
const retention: Words = {
  en: "The next look of retention on any node finishes it. If it is still there an hour later, see that a node with retention in its configuration is up.",
  zh: "任一节点的下一次保留检查会完成它。若一小时后仍在，请确认有一个配置了保留策略的节点在运行。",
}
const keys: Words = {
  en: "A repeat of that very send may be stored twice. Nothing needs to be mended after a day; find out what removed or changed it.",
  zh: "该发送若被重复，可能会存两次。一天后无需处理；请查明是什么删除或更改了它。",
}

const found = (en: (finding: Finding) => string, zh: (finding: Finding) => string) => (finding: Finding) => ({
  en: en(finding),
  zh: zh(finding),
})

export const findingWords: Readonly<Record<FindingKind, FindingWords>> = {
  "conversation-empty": {
    what: found(
      () => "The store lists the conversation and has no log of it.",
      () => "存储中登记了该对话，却没有它的日志。",
    ),
    mend: restore,
  },
  "conversation-unreadable": {
    what: found(
      ({ saw }) => `Something of the conversation is not what it should be, and cannot be read: ${saw}`,
      ({ saw }) => `该对话的某部分不是应有的内容，无法读取：${saw}`,
    ),
    mend: restore,
  },
  "log-hole": {
    what: found(
      ({ at, saw }) => `Entry ${at} is missing from the log: what comes there is ${saw}.`,
      ({ at, saw }) => `日志缺少条目 ${at}：该处是 ${saw}。`,
    ),
    mend: restore,
  },
  "log-head": {
    what: found(
      ({ at, saw }) => `The log is said to end at ${at}, and its last entry is ${saw}.`,
      ({ at, saw }) => `日志应止于 ${at}，而最后一条是 ${saw}。`,
    ),
    mend: restore,
  },
  "log-unreadable": {
    what: found(
      ({ at, saw }) => `Entry ${at} of the log cannot be read: ${saw}.`,
      ({ at, saw }) => `日志条目 ${at} 无法读取：${saw}。`,
    ),
    mend: restore,
  },
  "log-taken-back": {
    what: found(
      ({ at, saw }) =>
        `Words that the ${saw} at entry ${at} took back may still be in the log, though the snapshot is past it.`,
      ({ at, saw }) => `条目 ${at}（${saw}）撤回的内容可能仍在日志中，而快照已越过该处。`,
    ),
    mend: retention,
  },
  "snapshot-missing": {
    what: found(
      ({ at }) => `The log begins behind ${at}, and there is no snapshot of what was before.`,
      ({ at }) => `日志从 ${at} 之后开始，却没有此前内容的快照。`,
    ),
    mend: restore,
  },
  "snapshot-astray": {
    what: found(
      ({ at, saw }) => `The snapshot is of ${at}, which is no place in this log: ${saw}.`,
      ({ at, saw }) => `快照位于 ${at}，它不是此日志中的位置：${saw}。`,
    ),
    mend: restore,
  },
  "snapshot-differs": {
    what: found(
      ({ at, saw }) => `The snapshot at ${at} is not what the log adds up to: ${saw} differs.`,
      ({ at, saw }) => `${at} 处的快照与日志累加的结果不符：${saw} 不同。`,
    ),
    mend: written,
  },
  "archive-hole": {
    what: found(
      ({ at, saw }) => `Messages are missing from the archive, from entry ${at} on: ${saw}.`,
      ({ at, saw }) => `归档缺少消息，自条目 ${at} 起：${saw}。`,
    ),
    mend: restore,
  },
  "archive-differs": {
    what: found(
      ({ at, saw }) => `The archived message of entry ${at} is not as it left the snapshot: ${saw}.`,
      ({ at, saw }) => `条目 ${at} 的归档消息与其离开快照时不同：${saw}。`,
    ),
    mend: restore,
  },
  "archive-expired": {
    what: found(
      ({ at, saw }) => `Messages up to entry ${saw} have expired, and that of entry ${at} is still in the archive.`,
      ({ at, saw }) => `条目 ${saw} 及以前的消息已过期，而条目 ${at} 的消息仍在归档中。`,
    ),
    mend: retention,
  },
  "checkpoint-missing": {
    what: found(
      ({ at, saw }) => `The log names the checkpoint ${at} of the thread ${saw}, and the store does not have it.`,
      ({ at, saw }) => `日志提到线程 ${saw} 的检查点 ${at}，而存储中没有。`,
    ),
    mend: thread,
  },
  "checkpoint-unnamed": {
    what: found(
      ({ at, saw }) => `The newest checkpoint of the thread ${saw} is ${at}, which the log does not name.`,
      ({ at, saw }) => `线程 ${saw} 的最新检查点是 ${at}，而日志没有提到它。`,
    ),
    mend: thread,
  },
  "checkpoint-unreadable": {
    what: found(
      ({ at, saw }) => `A checkpoint of the thread ${at} cannot be read: ${saw}`,
      ({ at, saw }) => `线程 ${at} 的检查点无法读取：${saw}`,
    ),
    mend: thread,
  },
  "key-astray": {
    what: found(
      ({ at, saw }) =>
        `The idempotency key of the message at entry ${at} points to ${saw}, which is not where it was stored.`,
      ({ at, saw }) => `条目 ${at} 的消息的幂等键指向 ${saw}，那里不是它存储的位置。`,
    ),
    mend: keys,
  },
  "key-missing": {
    what: found(
      ({ at, saw }) => `The message at entry ${at} is ${saw} minutes old, and its idempotency key is forgotten.`,
      ({ at, saw }) => `条目 ${at} 的消息仅 ${saw} 分钟，其幂等键却已遗失。`,
    ),
    mend: keys,
  },
  "run-unlisted": {
    what: found(
      ({ at, saw }) => `The run ${at} is ${saw} by the log, and is not among the open runs: no worker will look at it.`,
      ({ at, saw }) => `运行 ${at} 按日志为 ${saw}，却不在未结束的运行之列：没有工作者会处理它。`,
    ),
    mend: runs,
  },
  "run-dangling": {
    what: found(
      ({ at, saw }) => `The run ${at} is among the open runs, and by the log it is ${saw}.`,
      ({ at, saw }) => `运行 ${at} 在未结束的运行之列，按日志却是 ${saw}。`,
    ),
    mend: {
      en: "A worker that serves its agent takes it off the list. Where none is up, start one; where the log is gone, restore a backup.",
      zh: "服务该智能体的工作者会将其移出列表。若无此工作者，请启动一个；若日志已丢失，请恢复备份。",
    },
  },
  "member-missing": {
    what: found(
      ({ at, saw }) => `By the log ${at} is a member (${saw}), and the store's list of members says otherwise.`,
      ({ at, saw }) => `按日志 ${at} 是成员（${saw}），而存储的成员列表并非如此。`,
    ),
    mend: members,
  },
  "member-unknown": {
    what: found(
      ({ at }) => `The store's list of members has ${at}, of whom the log says nothing.`,
      ({ at }) => `存储的成员列表中有 ${at}，而日志未曾提及。`,
    ),
    mend: members,
  },
  "membership-missing": {
    what: found(
      ({ at }) => `${at} is a member, and the conversation is not in the list of their conversations.`,
      ({ at }) => `${at} 是成员，而其对话列表中没有该对话。`,
    ),
    mend: members,
  },
  "membership-dangling": {
    what: found(
      ({ at }) => `The conversation is in the list of ${at}, who is no member of it.`,
      ({ at }) => `该对话在 ${at} 的对话列表中，而其并非成员。`,
    ),
    mend: members,
  },
}
