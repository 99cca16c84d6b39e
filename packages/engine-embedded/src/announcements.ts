/**
 * What workers say of themselves, in memory: all of them are of this process.
 *
 * So whatever was served is known for as long as the process lives, and its own configuration says what that is.
 */
import type { Announcement, Leases } from "@everthread/engine"

export function announcements(assertOpen: () => void): Pick<Leases, "announce" | "announced" | "withdraw"> {
  const workers = new Map<string, Announcement>()
  const agents = new Set<string>()
  const know = (announcement: Announcement) => {
    for (const agent of announcement.agents) agents.add(agent)
  }
  return {
    async announce(announcement) {
      assertOpen()
      workers.set(announcement.owner, announcement)
      know(announcement)
    },
    async announced() {
      assertOpen()
      return { workers: [...workers.values()], agents: [...agents] }
    },
    async withdraw(announcement) {
      assertOpen()
      workers.delete(announcement.owner)
      know(announcement)
    },
  }
}
