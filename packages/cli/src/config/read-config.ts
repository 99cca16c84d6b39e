/** Reads the configuration of a command: its file, if there is one, under the environment and the flags. */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { ConfigError, type ConfigFile, type LoadedConfig, loadConfig } from "@everthread/server/config"
import type { CliContext } from "../context.ts"
import { errorCodeOf } from "../failure.ts"

/**
 * @param flags by flag name without dashes; `config` names the file.
 * @throws ConfigError that names everything that is wrong.
 */
export async function readConfig(context: CliContext, flags: Readonly<Record<string, unknown>>): Promise<LoadedConfig> {
  const named = flags["config"] ?? context.env["CONFIG_FILE"]
  const file = typeof named === "string" && named !== "" ? await readConfigFile(named, context.folder) : undefined
  return loadConfig({ file, env: context.env, flags })
}

async function readConfigFile(path: string, folder: string): Promise<ConfigFile> {
  const text = await readText(path, folder)
  const { parse } = await import("yaml")
  try {
    return { path, content: parse(text) }
  } catch (error) {
    const [why = "it cannot be parsed"] = (error instanceof Error ? error.message : String(error)).split("\n")
    throw new ConfigError([{ en: `${path} is not YAML: ${why}`, zh: `${path} 不是有效的 YAML：${why}` }])
  }
}

async function readText(path: string, folder: string): Promise<string> {
  try {
    return await readFile(resolve(folder, path), "utf8")
  } catch (error) {
    const missing = errorCodeOf(error) === "ENOENT"
    const why = error instanceof Error ? error.message : error
    throw new ConfigError([
      {
        en: `the file ${path} ${missing ? "does not exist" : `cannot be read: ${why}`}. Name another with --config or CONFIG_FILE, or none.`,
        zh: `文件 ${path} ${missing ? "不存在" : `无法读取：${why}`}。请用 --config 或 CONFIG_FILE 指定其他文件，或不指定。`,
      },
    ])
  }
}
