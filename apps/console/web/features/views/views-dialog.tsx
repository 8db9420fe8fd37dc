import { ActionIcon, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import type { Item } from '../../api/answers';
import { api } from '../../api/client';
import { useMe } from '../../app/session';
import { parseSearch } from '../../lib/search-params';
import { t } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { Loaded, Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import styles from './views.module.css';

const texts = t.views;
type View = Item<'/api/v1/views'>;

const useViews = () => {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/views'] });
  return {
    save: api.useMutation('put', '/api/v1/views/{id}', { onSuccess }),
    remove: api.useMutation('delete', '/api/v1/views/{id}', { onSuccess }),
  };
};
type Views = ReturnType<typeof useViews>;

const ViewLine = ({ view, remove, close }: { view: View; remove: Views['remove']; close: () => void }) => {
  const { data: me } = useMe();
  const mayRemove = view.isOwn || (view.shared && me?.role === 'admin');
  return (
    <li className={styles.view}>
      <Link to={view.page} search={parseSearch(view.query) as never} onClick={close}>
        {view.name}
      </Link>
      {view.shared && <Tag tone="info">{view.isOwn ? texts.sharedByMe : texts.shared}</Tag>}
      {mayRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={remove.isPending && remove.variables.params.path.id === view.id}
          onClick={() => remove.mutate({ params: { path: { id: view.id } } })}
          aria-label={texts.remove(view.name)}
        >
          <Icon name="cross" size={14} />
        </ActionIcon>
      )}
    </li>
  );
};

/** Saves what the address names: the page with all its filters. */
const Save = ({ page, save }: { page: string; save: Views['save'] }) => {
  const query = useRouterState({ select: ({ location }) => location.searchStr.replace(/^\?/, '') });
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        const body = { name: name.trim(), page, query, shared };
        save.mutate({ params: { path: { id: crypto.randomUUID() } }, body }, { onSuccess: () => setName('') });
      }}
    >
      <Refused error={save.error} />
      <TextInput
        label={texts.name}
        placeholder={texts.example}
        required
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Checkbox
        label={texts.forAll}
        checked={shared}
        onChange={({ currentTarget }) => setShared(currentTarget.checked)}
      />
      <div>
        <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
          {texts.save}
        </Button>
      </div>
    </form>
  );
};

/** One's own and the shared views of a page, and the way to save the one that is open. */
export const ViewsDialog = ({ page, close }: { page: string; close: () => void }) => {
  const { save, remove } = useViews();
  const query = api.useQuery('get', '/api/v1/views');
  return (
    <Modal opened onClose={close} title={texts.open} closeButtonProps={{ 'aria-label': t.states.close }}>
      <Refused error={remove.error} />
      <Loaded query={query} rows={2}>
        {({ items }) => {
          const views = items.filter((view) => view.page === page);
          if (views.length === 0) return <p className={styles.none}>{texts.none}</p>;
          return (
            <ul className={styles.list} aria-label={texts.open}>
              {views.map((view) => (
                <ViewLine key={view.id} view={view} remove={remove} close={close} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <h2 className={styles.title}>{texts.saveTitle}</h2>
      <Save page={page} save={save} />
    </Modal>
  );
};
