/** What a failover keeps. */
import { fine, same, type Words } from "./finding.ts"
import type { Rule } from "./rule.ts"

export const replicas: Rule = ({ role }, { durability, replicas }) => {
  if (durability !== "replicated" || role.kind !== "master") return undefined
  const online = role.replicas.filter(({ isOnline }) => isOnline).length
  const found = {
    en: `${online} replica${online === 1 ? "" : "s"} in step, of ${replicas} asked for`,
    zh: `${online} 个副本同步中，要求 ${replicas} 个`,
  }
  if (online >= replicas) return fine("replicas", found)
  return {
    level: "refusal",
    about: "replicas",
    found,
    why: {
      en: "with durability replicated nothing is acknowledged before so many have it, so nothing would be",
      zh: "replicated 级别要求足够多的副本确认后才应答，因此任何写入都不会得到确认",
    },
    mend: [
      {
        en: "# add a replica (REPLICAOF, or CLUSTER REPLICATE), or ask for fewer: redis.replicas",
        zh: "# 增加副本（REPLICAOF 或 CLUSTER REPLICATE），或减少要求：redis.replicas",
      },
    ],
  }
}

export const failover: Rule = ({ role }, { durability }) => {
  if (durability === "replicated" || role.kind !== "master" || role.replicas.length === 0) return undefined
  return {
    level: "note",
    about: "failover",
    found: {
      en: `it has replicas, and durability ${durability} does not wait for them`,
      zh: `它有副本，而 ${durability} 级别不等待副本确认`,
    },
    why: {
      en: "a failover loses what was acknowledged and no replica had yet; planned ones too",
      zh: "故障切换会丢失已应答但副本尚未收到的数据，计划内的切换也一样",
    },
    mend: [
      { en: "# to wait for them: redis.durability: replicated", zh: "# 需要等待副本时：redis.durability: replicated" },
    ],
  }
}

export const minReplicas: Rule = ({ role, settings }, demand, mender) => {
  const has = settings.get("min-replicas-to-write")
  if (has === undefined || role.kind !== "master") return undefined
  const isReplicated = demand.durability === "replicated"
  const wanted = isReplicated ? demand.replicas : Math.min(role.replicas.length, 1)
  if (Number(has) >= wanted) return undefined
  return {
    level: "note",
    about: "min-replicas",
    found: same(`min-replicas-to-write ${has}`),
    why: isReplicated ? storedForNothing : cutOff,
    mend: mender.set({ "min-replicas-to-write": String(wanted) }),
  }
}

const storedForNothing: Words = {
  en: "without enough replicas it stores what is then not acknowledged; with it set, it refuses at once",
  zh: "副本不足时它仍会写入，却得不到确认；设置后会立即拒绝写入",
}

const cutOff: Words = {
  en: "a master that is cut off from its replicas goes on to take writes, which the failover throws away",
  zh: "与副本断开的主节点会继续接受写入，这些写入在故障切换后会丢失",
}
