/**
 * What is kept of a conversation in which nothing was found: its log, what a device saw that had just come, and what everybody
 * sent. The frames, which are most of it, add up to that by then, and so does what the devices showed.
 */
import type { DeviceHistory, History } from "@everthread/sim"

export function withoutFrames(history: History): History {
  return { ...history, devices: history.devices.map(lean) }
}

function lean(device: DeviceHistory): DeviceHistory {
  const { end } = device
  return { ...device, steps: [], wire: [], ...(end && { end: { ...end, messages: [] } }) }
}
