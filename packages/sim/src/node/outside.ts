/** The world outside: what an agent's tools have done to it. No store that goes back undoes any of it. */
import type { ToolDeed } from "../history/history.ts"

export class Outside {
  readonly deeds: ToolDeed[] = []

  note(deed: ToolDeed): void {
    this.deeds.push(deed)
  }
}
