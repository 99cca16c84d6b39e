/**
 * Asks several nodes of a cluster at once what they believe.
 *
 * The answer of one node may be old: it was frozen, or cut off. So several are asked, the next ones only if none of
 * these answers.
 */
import type { Link } from "../connection/link.ts"
import { isSame, type ServerAddress } from "../connection/target.ts"
import { askView, type ClusterView } from "./cluster-view.ts"
import { firstAnswers } from "./first-answers.ts"
import type { LinkOpener } from "./kept-link.ts"

export interface ViewsSetup {
  readonly known: readonly ServerAddress[]
  readonly seeds: readonly ServerAddress[]
  readonly opener: LinkOpener
  readonly tls: boolean
  /** An open connection to the node, where there is one. */
  readonly linkTo: (address: ServerAddress) => Link | undefined
}

const nodesAtOnce = 3

/** @returns what was answered; nothing, if nobody answers. */
export async function viewsOf(setup: ViewsSetup): Promise<ClusterView[]> {
  const candidates = unique([...shuffled(setup.known, setup.opener), ...setup.seeds])
  const views: ClusterView[] = []
  for (let at = 0; at < candidates.length && views.length === 0; at += nodesAtOnce) {
    const asked = candidates.slice(at, at + nodesAtOnce).map((node) => askNode(node, setup))
    views.push(...(await firstAnswers(setup.opener.clock, asked)))
  }
  return views
}

async function askNode(address: ServerAddress, { opener, tls, linkTo }: ViewsSetup): Promise<ClusterView> {
  const open = linkTo(address)
  if (open) return askView(open, tls)
  const link = await opener.open(address, () => undefined)
  try {
    return await askView(link, tls)
  } finally {
    link.close()
  }
}

export const unique = (addresses: readonly ServerAddress[]): ServerAddress[] =>
  addresses.filter((address, index) => addresses.findIndex((other) => isSame(other, address)) === index)

function shuffled(addresses: readonly ServerAddress[], { random }: LinkOpener): ServerAddress[] {
  return addresses
    .map((address) => ({ address, at: random.fraction() }))
    .sort((left, right) => left.at - right.at)
    .map(({ address }) => address)
}
