/** What the server is: its version, its role, and whether it lets itself be looked at. */
import { serverName } from "../connection/target.ts"
import { settingNames } from "./facts.ts"
import { fine, same } from "./finding.ts"
import type { Rule } from "./rule.ts"

/** Sharded publications and scripts with flags came with it. */
const majorMin = 7

export const version: Rule = ({ product, version, speaksLike }) => {
  if (Number.parseInt(speaksLike, 10) >= majorMin) return fine("version", same(`${product} ${version}`))
  return {
    level: "refusal",
    about: "version",
    found: { en: `it is ${product} ${version}`, zh: `版本为 ${product} ${version}` },
    why: {
      en: "Everthread needs Redis 7.0 or Valkey: older ones have no sharded Pub/Sub and no scripts with flags",
      zh: "Everthread 需要 Redis 7.0 或 Valkey：更早的版本没有分片发布订阅，脚本也不支持标志",
    },
    mend: [{ en: "# install Redis 7.0 or later, or Valkey", zh: "# 请安装 Redis 7.0 以上版本或 Valkey" }],
  }
}

export const role: Rule = ({ role }, _demand, mender) => {
  if (role.kind === "master") return fine("role", { en: "it is a master", zh: "角色为主节点" })
  const master = serverName(role.of)
  return {
    level: "refusal",
    about: "role",
    found: { en: `it is a replica of ${master}`, zh: `它是 ${master} 的副本` },
    why: {
      en: "a replica takes no writes, and forgets whatever its master does not have",
      zh: "副本不接受写入，且会丢弃主节点没有的数据",
    },
    mend: [
      {
        en: `# point redis.url to its master: redis://${master}`,
        zh: `# 把 redis.url 指向它的主节点：redis://${master}`,
      },
      {
        en: `${mender.run("REPLICAOF NO ONE").en}   # or make it one`,
        zh: `${mender.run("REPLICAOF NO ONE").zh}   # 或将它升为主节点`,
      },
    ],
  }
}

export const settings: Rule = ({ settingsRefusal }, { durability }) => {
  if (settingsRefusal === undefined) return undefined
  const names = settingNames.join(", ")
  return {
    level: durability === "memory" ? "note" : "warning",
    about: "settings",
    found: {
      en: `its settings cannot be read (${settingsRefusal}); only INFO was looked at`,
      zh: `无法读取其配置（${settingsRefusal}），仅检查了 INFO`,
    },
    why: {
      en: `whether it is as durable as ${durability} wants could not be checked; look yourself at ${names}`,
      zh: `无法确认它是否达到 ${durability} 级别，请自行检查 ${names}`,
    },
    mend: [
      {
        en: "# let the user in redis.url ask: ACL SETUSER <user> +config|get; a managed service shows them in its console",
        zh: "# 允许 redis.url 中的用户查询：ACL SETUSER <user> +config|get；托管服务请在其控制台查看",
      },
    ],
  }
}

export const coverage: Rule = ({ isClusterNode, settings }, _demand, mender) => {
  if (!isClusterNode || settings.get("cluster-require-full-coverage") !== "yes") return undefined
  return {
    level: "note",
    about: "coverage",
    found: same("cluster-require-full-coverage yes"),
    why: {
      en: "while one master is away without a successor, the others refuse everything too",
      zh: "只要有一个主节点失联且没有接替者，其余节点也会拒绝一切请求",
    },
    mend: mender.set({ "cluster-require-full-coverage": "no" }),
  }
}

/** What a server gives a subscriber when nobody has changed it. */
const subscriberBytesDefault = 33_554_432

export const subscriberBuffer: Rule = ({ settings }, _demand, mender) => {
  const limits = settings.get("client-output-buffer-limit") ?? ""
  const hardBytes = Number(/(?:^| )pubsub (\d+) /.exec(limits)?.[1] ?? 0)
  // 0: no limit at all.
  if (hardBytes === 0 || hardBytes >= subscriberBytesDefault) return undefined
  return {
    level: "note",
    about: "subscriber-buffer",
    found: same(`client-output-buffer-limit pubsub ${hardBytes}`),
    why: {
      en: "a node that is slow for a moment is cut off from what others append, and has to read it again",
      zh: "节点稍有延迟就会被断开订阅，之后只能重新读取",
    },
    mend: mender.set({ "client-output-buffer-limit": `pubsub ${subscriberBytesDefault} 8388608 60` }),
  }
}
