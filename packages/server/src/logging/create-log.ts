/**
 * The server's log: to the terminal, and on request to a general and an error file that rotate.
 *
 * It is a pino logger; nobody else in the server knows where lines go. Nothing it does may stop the
 * server: a closed pipe and a full disk are reported once and lived with.
 */
import { join } from "node:path"
import type { Clock } from "@everthread/protocol"
import { type Level, type Logger, multistream, pino, type StreamEntry, stdTimeFunctions } from "pino"
import type { LoggingConfig } from "../config/config.ts"
import { ConfigError } from "../config/config-error.ts"
import { humanLine } from "./human-line.ts"
import { openRotatingFile, type RotatingFile } from "./rotating-file.ts"
import { censor, createScrubber, redactPaths } from "./scrub.ts"

/** Where lines for people go: standard error, so that standard output stays for what a command answers. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface LogOptions {
  readonly config: LoggingConfig
  readonly terminal: Terminal
  readonly clock: Clock
  /** Values of the configuration that must not appear in any line. */
  readonly secrets: readonly string[]
}

export interface Log {
  readonly logger: Logger
  /** Writes what still waits. For the end of the process, also a bad one. */
  flushSync(): void
}

/** @throws ConfigError if the log folder cannot be written. */
export function createLog(options: LogOptions): Log {
  const { config } = options
  const files = openFiles(options)
  const level = config.level as Level
  const sinks: StreamEntry[] = [
    { level, stream: terminalSink(options) },
    ...(files
      ? [
          { level, stream: files.general },
          { level: "error" as const, stream: files.errors },
        ]
      : []),
  ]
  const scrub = createScrubber(options.secrets)
  const logger = pino(
    {
      level: config.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: redactPaths, censor },
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: scrub },
    },
    multistream(sinks),
  )
  return { logger, flushSync: () => flushFiles(files) }
}

interface LogFiles {
  readonly general: RotatingFile
  readonly errors: RotatingFile
}

function openFiles({ config, clock, terminal }: LogOptions): LogFiles | undefined {
  const { folder, fileBytesMax, filesMax } = config
  if (folder === undefined) return undefined
  const onProblem = (problem: string) => terminal.write(`${problem}\n`)
  const open = (name: string) =>
    openRotatingFile({ path: join(folder, name), fileBytesMax, filesMax, clock, onProblem })
  try {
    return { general: open("everthread.log"), errors: open("error.log") }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigError([
      { en: `logging.folder ${folder} cannot be written: ${why}.`, zh: `logging.folder ${folder} 无法写入：${why}。` },
    ])
  }
}

function terminalSink({ config, terminal }: LogOptions): Terminal {
  const forPeople = config.format === "human" || (config.format === "auto" && terminal.isTTY === true)
  if (!forPeople) return { write: (line) => terminal.write(line) }
  return { write: (line) => terminal.write(humanLine(line, terminal.isTTY === true)) }
}

function flushFiles(files: LogFiles | undefined): void {
  files?.general.flushSync()
  files?.errors.flushSync()
}
