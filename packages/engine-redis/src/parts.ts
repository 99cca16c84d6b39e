/** How what servers publish becomes what listeners are told, for whoever has another network: the simulation. */
export { type Delivery, type DeliverySetup, delivery } from "./delivery/delivery.ts"
export type { Heard, Subscriber } from "./delivery/subscriber.ts"
export { type Keys, keysWith } from "./keys.ts"
export { headerOf } from "./log/published.ts"
