export function firstLoadBytes(folder: string): number
