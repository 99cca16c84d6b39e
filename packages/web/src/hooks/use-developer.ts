/** Whether what developers look for is shown: nodes by their names, checkpoints. `everthread dev` is for nobody else. */
import { useWorkspace } from "../ui/workspace.ts"
import { useStore } from "./use-store.ts"
import { usePreferences } from "./use-texts.ts"

export function useDeveloper(): boolean {
  const isWanted = useStore(usePreferences().developer) === "shown"
  return useWorkspace().server.dev !== undefined || isWanted
}
