/** The way to nodes that may come and go, at an address that stays. It serves the app as it is now, which need not be the one that nodes have. */
import { systemClock } from "@everthread/protocol"
import { type Front, type FrontParts, openFront } from "../../../cli/src/dev/front.ts"
import { readWebApp } from "../../../server/src/http/web-app.ts"

/** @param folder of the built app. */
export function openFrontWithApp(cluster: FrontParts["cluster"], folder: string): Promise<Front> {
  const app = readWebApp(folder)
  const control: FrontParts["control"] = (request, response) => app?.answer(request, response) ?? false
  return openFront(0, { cluster, control, clock: systemClock, headers: () => ({}), nobody: "" })
}
