/** What happens when the server's memory is full. */
import { fine, same } from "./finding.ts"
import type { Rule } from "./rule.ts"

const mebibyte = 1_048_576
/** The rest is for copies of changed pages while it saves, for buffers, and for the system. */
const shareOfMachine = 0.6

export const eviction: Rule = ({ evictionPolicy, maxBytes }, _demand, mender) => {
  const found = same(`maxmemory-policy ${evictionPolicy}`)
  if (evictionPolicy === "noeviction") return fine("eviction", found)
  const isBounded = maxBytes > 0
  return {
    level: isBounded ? "refusal" : "note",
    about: "eviction",
    found: isBounded ? same(`maxmemory-policy ${evictionPolicy}, maxmemory ${maxBytes}`) : found,
    why: isBounded
      ? {
          en: "when its memory is full it throws stored conversations away, without a word to anybody",
          zh: "内存用满后，它会悄悄丢弃已保存的对话",
        }
      : {
          en: "without maxmemory nothing is thrown away; once somebody sets one, conversations are",
          zh: "目前没有设置 maxmemory，不会丢弃数据；一旦设置，就会丢弃对话",
        },
    mend: mender.set({ "maxmemory-policy": "noeviction" }),
  }
}

export const memoryBound: Rule = ({ maxBytes, machineBytes, usedBytes }, _demand, mender) => {
  if (maxBytes > 0) return undefined
  const advisedBytes = Math.max(machineBytes * shareOfMachine, usedBytes * 2)
  return {
    level: "note",
    about: "memory-bound",
    found: { en: "maxmemory is not set", zh: "没有设置 maxmemory" },
    why: {
      en: "it grows until the system ends it; with a bound and noeviction it refuses writes instead, and reading goes on",
      zh: "它会一直增长，直到被系统杀死；设置上限并使用 noeviction 后只会拒绝写入，读取不受影响",
    },
    mend: mender.set({ maxmemory: `${Math.max(1, Math.floor(advisedBytes / mebibyte))}mb` }),
  }
}
