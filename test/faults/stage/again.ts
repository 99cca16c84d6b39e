/** Does the same thing again and again, at moments that the seed chooses. */
import type { Scene } from "@everthread/chaos"

const betweenMsMax = 200

export async function again(scene: Scene, times: number, act: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) {
    await act()
    await scene.pause(scene.fraction() * betweenMsMax)
  }
}
