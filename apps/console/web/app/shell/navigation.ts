import type { Role } from '../../api/answers';
import { t } from '../../texts/texts';
import type { IconName } from '../../ui/icon';

export type NavItem = { to: string; label: string; icon: IconName; role?: Role };
type NavGroup = { label: string | null; items: NavItem[] };

const { nav } = t.shell;

export const navigation: NavGroup[] = [
  {
    label: null,
    items: [
      { to: '/', label: nav.overview, icon: 'overview' },
      { to: '/setup', label: nav.setup, icon: 'setup' },
    ],
  },
  {
    label: nav.watch,
    items: [
      { to: '/log', label: nav.log, icon: 'log' },
      { to: '/conversions', label: nav.conversions, icon: 'conversions' },
      { to: '/deliveries', label: nav.deliveries, icon: 'deliveries' },
    ],
  },
  { label: nav.decide, items: [{ to: '/reports', label: nav.reports, icon: 'reports' }] },
  {
    label: nav.setUp,
    items: [
      { to: '/catalog/networks', label: nav.networks, icon: 'networks' },
      { to: '/catalog/sources', label: nav.sources, icon: 'sources' },
      { to: '/catalog/offers', label: nav.offers, icon: 'offers' },
      { to: '/catalog/campaigns', label: nav.campaigns, icon: 'campaigns' },
    ],
  },
  {
    label: nav.data,
    items: [
      { to: '/uploads', label: nav.uploads, icon: 'uploads', role: 'editor' },
      { to: '/jobs', label: nav.jobs, icon: 'jobs' },
    ],
  },
  {
    label: nav.admin,
    items: [
      { to: '/people', label: nav.people, icon: 'people', role: 'admin' },
      { to: '/audit', label: nav.audit, icon: 'audit', role: 'admin' },
    ],
  },
];
