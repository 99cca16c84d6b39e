/** The app's pictures: drawn in the colour of the text around them, and silent, because a word always says the same. */

const paths = {
  plus: "M12 5v14M5 12h14",
  send: "M5 12 20 4l-5 16-4-6-6-2Z",
  stop: "M7 7h10v10H7z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  back: "m15 5-7 7 7 7",
  down: "M12 5v13m-6-6 6 6 6-6",
  chevron: "m9 6 6 6-6 6",
  close: "M6 6l12 12M18 6 6 18",
  check: "m5 12.5 4.5 4.5L19 7.5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9a6 6 0 0 1 12 0m1-9.2a3.2 3.2 0 0 0 0-6.3m5 15.5a5.5 5.5 0 0 0-4-5.3",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5",
  gear: "M10.4 5.2L10.5 2.4L13.5 2.4L13.6 5.2L15.7 6L17.7 4.1L19.9 6.3L18 8.3L18.8 10.4L21.6 10.5L21.6 13.5L18.8 13.6L18 15.7L19.9 17.7L17.7 19.9L15.7 18L13.6 18.8L13.5 21.6L10.5 21.6L10.4 18.8L8.3 18L6.3 19.9L4.1 17.7L6 15.7L5.2 13.6L2.4 13.5L2.4 10.5L5.2 10.4L6 8.3L4.1 6.3L6.3 4.1L8.3 6ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  agent: "M12 3v3M6 8h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Zm3 4.5v2m6-2v2",
  reply: "m9 7-5 5 5 5m-5-5h9a7 7 0 0 1 7 7",
  edit: "m4 20 1-4L16 5l3 3L8 19l-4 1Z",
  trash: "M5 7h14M10 7V5h4v2m-7 0 1 13h8l1-13",
  copy: "M9 9h10v11H9zM5 15V4h10",
  retry: "M20 11a8 8 0 1 0-2.3 6.7M20 5v6h-6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3 2",
  wifi: "M12 19h.01M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 14 0M2 8.5a15 15 0 0 1 20 0",
  offline: "M12 19h.01M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 5-2.7m5 .3a10 10 0 0 1 4 2.4M3 3l18 18",
  warn: "M12 9v5m0 3h.01M10.3 4 2.5 18a2 2 0 0 0 1.7 3h15.6a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z",
  tool: "M14.5 6.5a4 4 0 0 1 5-1.2L17 8l1 2 2.6-2.4a4 4 0 0 1-5.4 5L8 20a2.1 2.1 0 0 1-3-3l7.4-7.3a4 4 0 0 1 2.1-3.2Z",
  up: "m6 14 6-6 6 6",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4-7a4.5 4.5 0 0 0 8 0M9 9.5h.01M15 9.5h.01",
  fork: "M7 8v8m0-8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm0 8a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM17 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm0 0c0 5-10 3-10 8",
} as const

export type IconName = keyof typeof paths

export function Icon({ name, className = "size-5" }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      aria-hidden="true"
      className={`${className} shrink-0`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 3 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  )
}
