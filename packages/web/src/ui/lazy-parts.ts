/**
 * What nobody needs to read and to write: menus and dialogs. They are loaded behind everything else, so that they are
 * there when somebody wants one, whatever has become of the server meanwhile.
 */
import { lazy } from "react"

const load = {
  SettingsChoices: () => import("./settings-choices.tsx"),
  AnewWarning: () => import("../chat/anew-warning.tsx"),
  MessageChoices: () => import("../chat/message-choices.tsx"),
  WhenBusyChoices: () => import("../chat/when-busy-choices.tsx"),
  Members: () => import("../chat/members.tsx"),
  Checkpoints: () => import("../chat/checkpoints.tsx"),
  Suggestions: () => import("../chat/suggestions.tsx"),
  NewConversation: () => import("../list/new-conversation.tsx"),
  Palette: () => import("../list/palette.tsx"),
}

export const lazyParts = {
  SettingsChoices: lazy(load.SettingsChoices),
  AnewWarning: lazy(load.AnewWarning),
  MessageChoices: lazy(load.MessageChoices),
  WhenBusyChoices: lazy(load.WhenBusyChoices),
  Members: lazy(load.Members),
  Checkpoints: lazy(load.Checkpoints),
  Suggestions: lazy(load.Suggestions),
  NewConversation: lazy(load.NewConversation),
  Palette: lazy(load.Palette),
}

/** Not with the others: hardly anybody's server has one. */
export const ClusterPanel = lazy(() => import("../cluster/cluster-panel.tsx"))

/** One that cannot be loaded now is loaded when it is wanted. */
export function loadParts(): void {
  for (const part of Object.values(load)) part().catch(() => {})
}
