/** The one conversation of a simulation: everything that can go wrong between conversations goes wrong in one. */
export const conversation = "talk"
