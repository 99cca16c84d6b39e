/** What a key does where messages are written. */

export interface PressedKey {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  /** An input method is putting characters together: its keys are its own. */
  readonly isComposing: boolean
  /** 229 where a browser says of the key that ended a composition that it was no part of it. */
  readonly keyCode: number
}

export interface ComposerFacts {
  readonly isEmpty: boolean
  /** A message is being edited, or replied to. */
  readonly isAbout: boolean
}

export type ComposerAction = "send" | "edit-last" | "drop-about" | "stop"

const composedKeyCode = 229

/** @returns what to do instead of what the key does by itself, or `undefined`. */
export function composerAction(pressed: PressedKey, { isEmpty, isAbout }: ComposerFacts): ComposerAction | undefined {
  if (pressed.isComposing || pressed.keyCode === composedKeyCode || pressed.altKey) return undefined
  switch (pressed.key) {
    case "Enter":
      return pressed.shiftKey ? undefined : "send"
    case "ArrowUp":
      return isEmpty && !isAbout && !pressed.shiftKey && !pressed.ctrlKey && !pressed.metaKey ? "edit-last" : undefined
    case "Escape":
      return isAbout ? "drop-about" : "stop"
    default:
      return undefined
  }
}
