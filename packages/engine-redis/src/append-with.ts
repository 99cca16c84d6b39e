/**
 * Scripts that are not of this package, and an append of a run's output behind them, as one script: so a checkpoint and
 * the entry of the log that names it are stored together or not at all. (SPEC LOG3, RUN2)
 *
 * A script's text becomes the body of a function of KEYS and ARGV, so the scripts need not know of each other.
 */
import { createHash } from "node:crypto"
import type { AppendRequest, AppendResult } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import { outputCall, resultOf } from "./log/append.ts"
import { type Script, scripts, scriptText } from "./script.ts"
import type { ForeignScript } from "./script-runner.ts"
import type { Store } from "./store.ts"

/** One call of a script of others. All of its keys lie in the partition of the conversation. */
export interface ForeignCall {
  readonly script: ForeignScript
  readonly keys: readonly string[]
  readonly args: readonly (string | Buffer)[]
}

/** What such a script answers second, behind the request's name, where it has done its work. Otherwise it wrote nothing. */
const done = "stored"

export type AppendWith = (request: AppendRequest, calls: readonly ForeignCall[]) => Promise<AppendResult["status"]>

/** @returns runs scripts and appends; `fenced` also where a script refused. Without bodies: only the scripts. */
export function appendWith(store: Store, keys: Keys): AppendWith {
  const combined = new Map<string, Script>()
  const scriptOf = (others: readonly ForeignScript[]): Script => {
    const name = others.map(({ sha1 }) => sha1).join()
    const script = combined.get(name) ?? combine(others)
    combined.set(name, script)
    return script
  }
  return async (request, calls) => {
    const others = [...new Map(calls.map(({ script }) => [script.sha1, script])).values()]
    others.sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1))
    const placeOf = ({ sha1 }: ForeignScript) => others.findIndex((other) => other.sha1 === sha1) + 1
    const output = outputCall(keys, request)
    const appended = request.bodies.length > 0 ? output.args : []
    const needed = request.n === undefined ? "" : (output.args[0] ?? "")
    const plan = calls.flatMap(({ script, keys, args }) => [placeOf(script), keys.length, args.length])
    const { list, nonce } = await store.run({
      script: scriptOf(others),
      partition: output.partition,
      keys: [...output.keys, ...calls.flatMap((call) => call.keys)],
      args: [
        done,
        ...[appended.length, calls.length].map(String),
        needed,
        ...plan.map(String),
        ...appended,
        ...calls.flatMap(({ args }) => args),
      ],
      nonce: request.nonce,
      namesLineage: true,
      isForeign: true,
    })
    return resultOf(String(list[0]), nonce, request).status
  }
}

function combine(others: readonly ForeignScript[]): Script {
  const asFunction = (text: string): string => `function(KEYS, ARGV)\n${text}\nend`
  const list = others.map(({ lua }) => asFunction(lua)).join(",\n")
  const append = asFunction(scripts.appendOutput.lua)
  const lua = `local others = { ${list} }\nlocal append = ${append}\n${scriptText("with-append")}`
  const sha1 = createHash("sha1").update(lua).digest("hex")
  return { name: `append-with-${others.map(({ name }) => name).join("-")}`, lua, sha1, repeatable: true }
}
