/** People on a real deployment, what befalls it, and what they were shown. */
export { type Counts, countsOf } from "./people/counts.ts"
export { Crowd, type CrowdSize } from "./people/crowd.ts"
export { Device, type Place } from "./people/device.ts"
export { Forwarder } from "./people/forwarder.ts"
export { NodePlace } from "./people/node-place.ts"
export { type Outcome, type Plan, play } from "./people/play.ts"
export { type Scene, type Stage, sceneOf } from "./people/scene.ts"
export { freshView, storedLog } from "./people/truth.ts"
