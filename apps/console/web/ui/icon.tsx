/** Our own small set of outlines, 24 units wide. */
const paths = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  setup: 'M5 12l4 4L19 6M4 20h16',
  log: 'M5 5h14M5 10h14M5 15h9M5 20h6',
  conversions: 'M4 17l5-6 4 4 7-9M15 6h5v5',
  deliveries: 'M4 12h15M13 6l6 6-6 6',
  reports: 'M5 20V10M12 20V4M19 20v-7',
  networks: 'M12 12m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0M5 5l4.5 4.5M19 5l-4.5 4.5M5 19l4.5-4.5M19 19l-4.5-4.5',
  sources: 'M5 12h8M10 8l4 4-4 4M17 5v14',
  offers: 'M4 12V5h7l9 9-7 7zM8 9h.01',
  campaigns: 'M4 10v4l11 5V5zM15 9a3 3 0 0 1 0 6M7 15v4',
  uploads: 'M12 16V5M7 10l5-5 5 5M5 19h14',
  jobs: 'M12 12m-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0M12 8v4l3 2',
  people: 'M9 11m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0M3 20c0-4 12-4 12 0M16 8a3 3 0 0 1 0 6M18 20c0-2-.5-3-1.500-3.700',
  audit: 'M6 4h9l4 4v12H6zM9 12h7M9 16h5',
  search: 'M11 11m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M20 20l-4.500-4.500',
  sun: 'M12 12m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600l1.400 1.400M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  user: 'M12 8m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0M5 20c0-5 14-5 14 0',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'M5 12l5 5L20 7',
  cross: 'M6 6l12 12M18 6L6 18',
  warning: 'M12 4L2.500 20h19zM12 10v4M12 17h.01',
  wait: 'M12 12m-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0M12 8v4h3',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l12 7-12 7z',
  replay: 'M4 12a8 8 0 1 1 2.500 5.800M4 19v-5h5',
  right: 'M9 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  filter: 'M4 5h16l-6 8v6l-4-2v-4z',
  download: 'M12 4v11M7 10l5 5 5-5M5 20h14',
  money: 'M12 4v16M16 8c0-4-8-4-8 0s8 4 8 8-8 4-8 0',
  click: 'M6 4l5 15 2.500-6L20 10z',
  send: 'M4 12l16-8-5 17-4-7z',
  call: 'M4 8h16M4 16h16M8 4l-4 4 4 4M16 12l4 4-4 4',
  book: 'M5 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-2H5zM21 4h-6a2 2 0 0 0-2 2',
};
export type IconName = keyof typeof paths;

export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={paths[name]} />
  </svg>
);
