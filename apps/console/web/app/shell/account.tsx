import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
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
      <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.RadioItem key={scheme} value={scheme}>
            {t.shell.scheme[scheme]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
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
    <Menu position="bottom-end" width={230} withInitialFocusPlaceholder={false}>
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
