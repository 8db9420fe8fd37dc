import { Link } from '@tanstack/react-router';
import { t } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { useMay } from '../session';
import { navigation, type NavItem } from './navigation';
import styles from './shell.module.css';

const NavLink = ({ item, onNavigate }: { item: NavItem; onNavigate: () => void }) => {
  const may = useMay(item.role ?? 'viewer');
  if (!may && item.role) return null;
  return (
    <li>
      <Link
        to={item.to}
        className={styles.link}
        activeOptions={{ exact: item.to === '/', includeSearch: false }}
        onClick={onNavigate}
      >
        <Icon name={item.icon} />
        {item.label}
      </Link>
    </li>
  );
};

const NavGroup = ({ at, onNavigate }: { at: number; onNavigate: () => void }) => {
  const group = navigation[at];
  const isAdmin = useMay('admin');
  if (!group || (group.items.every(({ role }) => role === 'admin') && !isAdmin)) return null;
  return (
    <>
      {group.label && <div className={styles.groupLabel}>{group.label}</div>}
      <ul className={styles.group}>
        {group.items.map((item) => (
          <NavLink key={item.to} item={item} onNavigate={onNavigate} />
        ))}
      </ul>
    </>
  );
};

export const Nav = ({ onNavigate }: { onNavigate: () => void }) => (
  <nav className={styles.nav} aria-label={t.shell.menu}>
    {navigation.map((group, at) => (
      <NavGroup key={group.label ?? 'first'} at={at} onNavigate={onNavigate} />
    ))}
  </nav>
);
