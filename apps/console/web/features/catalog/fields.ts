import type { CatalogKind } from './catalog-keys';

/** The settings that users change; all others are in the JSON beside them. */
export type Field = {
  path: string;
  label: string;
  as: 'text' | 'lines' | 'number' | 'switch' | 'choice' | 'list' | CatalogKind;
  choices?: readonly string[];
  /** An empty text means that there is none. */
  nullable?: boolean;
};

export const fields: Record<CatalogKind, readonly Field[]> = {
  networks: [
    { path: 'name', label: 'name', as: 'text' },
    { path: 'defaultCurrency', label: 'defaultCurrency', as: 'text', nullable: true },
    {
      path: 'defaultStatus',
      label: 'defaultStatus',
      as: 'choice',
      choices: ['pending', 'approved', 'rejected', 'reversed'],
    },
    {
      path: 'identity',
      label: 'identity',
      as: 'choice',
      choices: ['transaction', 'transaction+event', 'click+transaction', 'click+event', 'click'],
    },
    { path: 'duplicates', label: 'duplicates', as: 'choice', choices: ['update', 'ignore', 'add', 'increment'] },
    { path: 'amountFormat', label: 'amountFormat', as: 'choice', choices: ['auto', 'dot', 'comma', 'minor'] },
    { path: 'timeZone', label: 'timeZone', as: 'text' },
    { path: 'security.requireToken', label: 'requireToken', as: 'switch' },
    { path: 'reopens', label: 'reopens', as: 'switch' },
    { path: 'locksOnApproval', label: 'locksOnApproval', as: 'switch' },
  ],
  sources: [
    { path: 'name', label: 'name', as: 'text' },
    { path: 'externalIdParam', label: 'externalIdParam', as: 'text' },
    { path: 'destination.url', label: 'destinationUrl', as: 'lines' },
  ],
  offers: [
    { path: 'name', label: 'name', as: 'text' },
    { path: 'networkKey', label: 'networkKey', as: 'networks' },
    { path: 'url', label: 'url', as: 'lines' },
    { path: 'payout.mode', label: 'payoutMode', as: 'choice', choices: ['postback', 'fixed', 'percent'] },
    { path: 'payout.amount', label: 'payoutAmount', as: 'text' },
    { path: 'payout.currency', label: 'payoutCurrency', as: 'text' },
    { path: 'windowDays', label: 'windowDays', as: 'number' },
  ],
  campaigns: [
    { path: 'name', label: 'name', as: 'text' },
    { path: 'sourceKey', label: 'sourceKey', as: 'sources' },
    { path: 'reportTokens', label: 'reportTokens', as: 'list' },
  ],
};
