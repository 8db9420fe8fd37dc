import { AppShell, Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { problemOf } from '../../api/problem';
import { t } from '../../texts/texts';
import { Failed, LoadingRows } from '../../ui/states';
import { useMe } from '../session';
import { AccountMenu } from './account';
import { Mark } from './brand';
import { Freshness } from './freshness';
import { Nav } from './nav';
import { SearchBox } from './search';
import styles from './shell.module.css';

const Header = ({ opened, toggle }: { opened: boolean; toggle: () => void }) => (
  <div className={styles.header}>
    <Burger
      opened={opened}
      onClick={toggle}
      hiddenFrom="md"
      size="sm"
      aria-label={opened ? t.shell.closeMenu : t.shell.openMenu}
      aria-expanded={opened}
    />
    <Link to="/" className={styles.brand}>
      <Mark />
      <span className={styles.brandName}>{t.shell.product}</span>
    </Link>
    <SearchBox />
    <div className={styles.spacer} />
    <Freshness />
    <AccountMenu />
  </div>
);

/** Leads to the sign-in page, once. The address changes on the way, and the one to come back to is
 * that of the beginning: each further try would lead to a longer address, without an end. */
const ToSignIn = () => {
  const router = useRouter();
  useEffect(() => {
    const { href } = router.state.location;
    void router.navigate({ to: '/sign-in', search: { next: href }, replace: true });
  }, [router]);
  return null;
};

/** The frame of everything that needs a session. Without one it leads to the sign-in page and back
 * again. */
export const Shell = () => {
  const [opened, { toggle, close }] = useDisclosure(false);
  const me = useMe();
  if (me.error && problemOf(me.error).status === 401) return <ToSignIn />;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 224, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding="md"
      transitionDuration={0}
    >
      <a href="#content" className={styles.skip}>
        {t.shell.skip}
      </a>
      <AppShell.Header>
        <Header opened={opened} toggle={toggle} />
      </AppShell.Header>
      <AppShell.Navbar>
        <Nav onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <div className={styles.main}>
          {me.data ? (
            <Outlet />
          ) : me.error ? (
            <Failed error={me.error} retry={() => void me.refetch()} />
          ) : (
            <LoadingRows />
          )}
        </div>
      </AppShell.Main>
    </AppShell>
  );
};
