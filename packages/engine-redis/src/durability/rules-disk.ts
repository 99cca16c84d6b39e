/** What is on the disk when an append is acknowledged. */
import type { Durability } from "./durability.ts"
import type { ServerFacts } from "./facts.ts"
import { type Finding, fine, same, type Words } from "./finding.ts"
import type { Rule } from "./rule.ts"

const off = same("appendonly no")

export const appendOnlyFile: Rule = (facts, { durability }, mender) => {
  if (facts.appendsToFile) return undefined
  const appends = { appendonly: "yes" }
  const distance = distanceTo(durability, facts.settings)
  // In one go: once there is a file, how it is flushed would be refused next.
  const mend = mender.set(distance < 0 ? { appendfsync: asked[durability], ...appends } : appends)
  if (durability === "memory")
    return { level: "note", about: "append-only-file", found: off, why: inMemory(facts), mend }
  const why =
    durability === "replicated"
      ? {
          en: "a master that restarts comes back empty, or with an old snapshot, and its replicas follow it there",
          zh: "主节点重启后数据为空或只有旧快照，副本也会随之丢失数据",
        }
      : {
          en: `durability ${durability} asks for a disk, and everything since the last snapshot is only in memory`,
          zh: `${durability} 级别要求数据落盘，而上次快照之后的数据只在内存中`,
        }
  return { level: "refusal", about: "append-only-file", found: off, why, mend }
}

const inMemory = ({ settings }: ServerFacts): Words =>
  settings.get("save") === ""
    ? {
        en: "everything is lost when the server ends; memory promises no more",
        zh: "服务器一停止，数据全部丢失；memory 级别仅此保证",
      }
    : {
        en: "what came after its last snapshot is lost when the server ends; memory promises no more",
        zh: "服务器停止时，上次快照之后的数据会丢失；memory 级别仅此保证",
      }

const strengths = ["no", "everysec", "always"] as const
type Strength = (typeof strengths)[number]

const asked: Readonly<Record<Durability, Strength>> = {
  memory: "no",
  everysec: "everysec",
  fsync: "always",
  // The replicas have it; what the disk has decides what a master brings back that restarts before it is replaced.
  replicated: "everysec",
}

const strengthIn = (settings: ServerFacts["settings"]): Strength | undefined =>
  strengths.find((strength) => strength === settings.get("appendfsync"))

/** @returns how much stronger the setting is than what is asked for; 0 where it cannot be seen. */
function distanceTo(durability: Durability, settings: ServerFacts["settings"]): number {
  const is = strengthIn(settings)
  return is === undefined ? 0 : strengths.indexOf(is) - strengths.indexOf(asked[durability])
}

const loss: Readonly<Record<Strength, Words>> = {
  no: {
    en: "a power cut loses whatever the system has not written yet, half a minute's work or more",
    zh: "断电会丢失系统尚未写盘的数据，可能超过半分钟",
  },
  everysec: { en: "a power cut loses the last second or two", zh: "断电会丢失最近一两秒的数据" },
  always: { en: "each write waits for the disk, which costs time", zh: "每次写入都等待落盘，会增加延迟" },
}

export const appendfsync: Rule = ({ appendsToFile, settings }, { durability }, mender) => {
  const is = strengthIn(settings)
  if (!appendsToFile || is === undefined) return undefined
  const found = same(`appendonly yes, appendfsync ${is}`)
  const distance = distanceTo(durability, settings)
  const about = "appendfsync"
  if (distance < 0) {
    return { level: "refusal", about, found, why: loss[is], mend: mender.set({ [about]: asked[durability] }) }
  }
  if (durability === "replicated" && is === "everysec") return almost(found, mender.set({ [about]: "always" }))
  if (distance === 0 || durability === "replicated") return fine(about, found)
  return {
    level: "note",
    about,
    found,
    why: stronger(is, durability),
    mend: mender.set({ [about]: asked[durability] }),
  }
}

const almost = (found: Words, mend: Finding["mend"]): Finding => ({
  level: "warning",
  about: "appendfsync",
  found,
  why: {
    en: "a master that loses its power and is back before it was replaced lacks its last second or two, and its replicas follow it there",
    zh: "主节点断电后若在被接替之前恢复，会缺少最近一两秒的数据，副本也会随之丢弃",
  },
  mend,
})

function stronger(is: Strength, durability: Durability): Words {
  if (is === "everysec") {
    return { en: `it writes more to its disk than ${durability} asks for`, zh: `落盘程度高于 ${durability} 级别的要求` }
  }
  return {
    en: `it is safer than ${durability} asks for: ${loss[is].en}`,
    zh: `安全性高于 ${durability} 级别的要求：${loss[is].zh}`,
  }
}

export const fsyncOnRewrite: Rule = ({ appendsToFile, settings }, { durability }, mender) => {
  const name = "no-appendfsync-on-rewrite"
  if (!appendsToFile || durability === "memory" || settings.get(name) !== "yes") return undefined
  return {
    // With `fsync` it breaks the promise for as long as a rewrite takes.
    level: durability === "fsync" ? "refusal" : "warning",
    about: "fsync-on-rewrite",
    found: same(`${name} yes`),
    why: {
      en: "while it rewrites its file nothing reaches the disk, whatever appendfsync says",
      zh: "重写文件期间，无论 appendfsync 如何设置，数据都不会落盘",
    },
    mend: mender.set({ [name]: "no" }),
  }
}

export const truncatedFile: Rule = ({ appendsToFile, settings }, _demand, mender) => {
  if (!appendsToFile || settings.get("aof-load-truncated") !== "no") return undefined
  return {
    level: "note",
    about: "truncated-file",
    found: same("aof-load-truncated no"),
    why: {
      en: "after a power cut in the middle of a write it does not start until somebody runs redis-check-aof --fix",
      zh: "若断电发生在写入途中，之后它无法启动，需先运行 redis-check-aof --fix",
    },
    mend: mender.set({ "aof-load-truncated": "yes" }),
  }
}

export const snapshotErrors: Rule = ({ settings }, _demand, mender) => {
  const saves = (settings.get("save") ?? "") !== ""
  if (!saves || settings.get("stop-writes-on-bgsave-error") !== "no") return undefined
  return {
    level: "note",
    about: "snapshot-errors",
    found: same("stop-writes-on-bgsave-error no"),
    why: { en: "snapshots that fail go unnoticed", zh: "快照失败时不会有任何提示" },
    mend: mender.set({ "stop-writes-on-bgsave-error": "yes" }),
  }
}

export const failedWrites: Rule = ({ failsToWrite }, _demand, mender) => {
  if (!failsToWrite) return undefined
  return {
    level: "warning",
    about: "failed-writes",
    found: { en: "its last write to its own files failed", zh: "它最近一次写入自身文件失败" },
    why: {
      en: "it takes no writes until its disk has room; its log says why",
      zh: "在磁盘有空间之前它不接受写入，原因见其日志",
    },
    mend: [mender.run("CONFIG GET dir")],
  }
}
