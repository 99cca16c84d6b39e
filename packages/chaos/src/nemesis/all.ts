/** Every nemesis there is. One that is not here never comes. */
import { blockNode } from "./block-node.ts"
import { slowDevices } from "./devices/slow-devices.ts"
import { storm } from "./devices/storm.ts"
import { stutter } from "./devices/stutter.ts"
import { jumpClock } from "./jump-clock.ts"
import { killNode } from "./kill-node.ts"
import { killStore } from "./kill-store.ts"
import type { Nemesis } from "./nemesis.ts"
import { isolateMaster } from "./network/isolate-master.ts"
import { losePackets } from "./network/lose-packets.ts"
import { partitions } from "./network/partition.ts"
import { pauseNode } from "./pause-node.ts"
import { pauseStore } from "./pause-store.ts"
import { restartNodes } from "./restart-nodes.ts"
import { cutPower, cutPowerEverySecond } from "./store/cut-power.ts"
import { fillDisk, slowDisk } from "./store/disk.ts"
import { killMaster, loseTail, pauseMaster, plannedFailover } from "./store/fail-over.ts"
import { fillMemory } from "./store/fill-memory.ts"
import { moveSlots } from "./store/move-slots.ts"
import { commandsCut, scriptsForgotten, subscribersCut } from "./store/nag-store.ts"
import { restoreBackup } from "./store/restore-backup.ts"

export const nemeses: readonly Nemesis[] = [
  killNode,
  pauseNode,
  blockNode,
  restartNodes,
  killStore,
  pauseStore,
  jumpClock,
  subscribersCut,
  commandsCut,
  scriptsForgotten,
  fillMemory,
  fillDisk,
  slowDisk,
  cutPower,
  cutPowerEverySecond,
  restoreBackup,
  plannedFailover,
  killMaster,
  pauseMaster,
  loseTail,
  moveSlots,
  ...partitions,
  losePackets,
  isolateMaster,
  slowDevices,
  storm,
  stutter,
]
