import { t } from '../../texts/texts';

/** Ball to cushion to ball: what a carom is, and what a postback does. */
export const Mark = ({ size = 26 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" role="img" aria-label={t.shell.product}>
    <rect width="32" height="32" rx="8" fill="#3b5bdb" />
    <path d="M6 22 16 9l10 13" fill="none" stroke="#bac8ff" strokeWidth="2" strokeDasharray="2 2.6" />
    <circle cx="6.5" cy="22" r="3.5" fill="#fff" />
    <circle cx="16" cy="9.5" r="3.5" fill="#ffd43b" />
    <circle cx="25.5" cy="22" r="3.5" fill="#fff" />
  </svg>
);
