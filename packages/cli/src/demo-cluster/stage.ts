/**
 * Where the show is seen. On a terminal the rows of the present scene are redrawn in place; elsewhere, lines are
 * only ever added, and a scene's rows are shown once, when it is over.
 */
import type { Clock, Timer } from "@everthread/protocol"
import { noPaint, type Paint } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"

/** @param columns of the screen. */
export type Rows = (columns: number) => readonly string[]

export interface Stage {
  readonly paint: Paint
  /** Whether what `live` is given is seen while it changes. */
  readonly isRedrawn: boolean
  scene(number: number, title: string): void
  /** Says something that stays. */
  say(text: string): void
  /** Shows rows that change. */
  live(rows: Rows): void
  /** The scene is over: these rows stay. */
  settle(rows: Rows): void
  /** Takes away what is live, also when the show ended early. */
  end(): void
}

export interface Output {
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

export interface TerminalStageOptions {
  readonly output: Output
  readonly paint: Paint
  readonly clock: Clock
}

const columnsDefault = 80
const rowsDefault = 24
const frameMs = 60
const csi = "\u001b["
const hideCursor = `${csi}?25l`
const showCursor = `${csi}?25h`

/** For `--json`: nobody looks. */
export const emptyStage: Stage = {
  paint: noPaint,
  isRedrawn: false,
  scene() {},
  say() {},
  live() {},
  settle() {},
  end() {},
}

export function plainStage({ output }: { readonly output: Output }): Stage {
  const add = (lines: readonly string[]) => output.write(lines.map((line) => `${line.trimEnd()}\n`).join(""))
  return {
    paint: noPaint,
    isRedrawn: false,
    scene: (number, title) => add(["", heading(number, title, noPaint)]),
    say: (text) => add([`    ${text}`]),
    live() {},
    settle: (rows) => add(rows(output.columns ?? 100)),
    end() {},
  }
}

export class TerminalStage implements Stage {
  readonly paint: Paint
  readonly isRedrawn = true
  readonly #output: Output
  readonly #clock: Clock
  #rows: Rows | undefined
  /** Rows that stand below what stays, and will be written over. */
  #drawn = 0
  #timer: Timer | undefined

  constructor({ output, paint, clock }: TerminalStageOptions) {
    this.paint = paint
    this.#output = output
    this.#clock = clock
    output.write(hideCursor)
  }

  scene(number: number, title: string): void {
    this.#show(["", heading(number, title, this.paint)])
  }

  say(text: string): void {
    this.#show(wrapped(text, this.#columns()).map((row) => this.paint("dim", row)))
  }

  live(rows: Rows): void {
    this.#rows = rows
    this.#tick()
  }

  settle(rows: Rows): void {
    this.#forget()
    this.#show(rows(this.#columns()))
  }

  end(): void {
    this.#forget()
    this.#show([])
    this.#output.write(showCursor)
  }

  #forget(): void {
    if (this.#timer) this.#clock.stopTimer(this.#timer)
    this.#rows = undefined
  }

  #tick(): void {
    if (this.#timer) this.#clock.stopTimer(this.#timer)
    this.#timer = this.#clock.startTimer(frameMs, () => this.#tick())
    this.#show([])
  }

  /** Adds lines that stay, and draws what is live below them, all in one write. */
  #show(lines: readonly string[]): void {
    const columns = this.#columns()
    // What is taller than the screen could not be written over.
    const rows = this.#rows?.(columns).slice(-Math.max((this.#output.rows ?? rowsDefault) - 2, 1)) ?? []
    const live = rows.map((row) => cut(row, columns))
    const up = this.#drawn > 0 ? `${csi}${this.#drawn}A` : ""
    this.#drawn = live.length
    this.#output.write(`\r${up}${csi}J${[...lines, ...live].map((line) => `${line}\n`).join("")}`)
  }

  #columns(): number {
    return this.#output.columns ?? columnsDefault
  }
}

/** What wraps could not be written over. */
function cut(row: string, columns: number): string {
  const [first = ""] = rowsOf(row, columns - 1)
  return first === row ? row : `${first}${csi}0m`
}

function heading(number: number, title: string, paint: Paint): string {
  return `${paint("own", ` ${number} `)} ${paint("strong", title)}`
}

function wrapped(text: string, columns: number): string[] {
  return rowsOf(text, columns - 5).map((row) => `    ${row}`)
}
