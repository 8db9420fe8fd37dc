import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../../api/client';
import { t } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { useMe } from '../session';

const SchemeItems = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t.shell.scheme.label}</Menu.Label>
      {(['light', 'dark', 'auto'] as const).map((scheme) => (
        <Menu.Item
          key={scheme}
          role="menuitemradio"
          aria-checked={colorScheme === scheme}
          onClick={() => setColorScheme(scheme)}
          rightSection={colorScheme === scheme ? <Icon name="check" size={14} /> : null}
        >
          {t.shell.scheme[scheme]}
        </Menu.Item>
      ))}
    </>
  );
};

export const AccountMenu = () => {
  const { data: me } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await client.DELETE('/api/v1/session');
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={t.shell.account.label}>
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me?.user ? `${t.shell.account.signedInAs} ${me.user.name}` : t.shell.account.byToken}
          {me && ` · ${t.shell.account.roles[me.role]}`}
        </Menu.Label>
        <Menu.Item onClick={() => void navigate({ to: '/account' })}>{t.shell.account.sessions}</Menu.Item>
        <Menu.Divider />
        <SchemeItems />
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t.shell.account.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
