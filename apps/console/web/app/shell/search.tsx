import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api } from '../../api/client';
import { shortTime } from '../../lib/time';
import { t, wordOf } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { placeOfFound, type Found, type FoundItem } from './found-place';
import styles from './shell.module.css';

const minCharacters = 3;

const Option = ({ item }: { item: FoundItem }) => (
  <Combobox.Option value={`${item.kind} ${item.id}`}>
    <span className={styles.foundTitle}>
      <strong>{wordOf({}, item.kind)}</strong> {item.title}
    </span>
    <span className={styles.note}>{shortTime(item.at, Date.now())}</span>
  </Combobox.Option>
);

/** What was found; else what was looked through, how far back, and the refused calls that come
 * nearest. */
const Results = ({ q, found: { items, searched, nearest } }: { q: string; found: Found }) => {
  if (items.length > 0) return items.map((item) => <Option key={`${item.kind} ${item.id}`} item={item} />);
  const places = searched.map(({ what, since }) => {
    const name = wordOf(t.shell.search.places, what).toLowerCase();
    return since === null ? name : t.shell.search.since(name, shortTime(since, Date.now()));
  });
  return (
    <>
      <div className={styles.note}>
        {t.shell.search.nothing(q)} {places.length > 0 && t.shell.search.searched(places.join(', '))}
      </div>
      {nearest.length > 0 && <div className={styles.note}>{t.shell.search.nextStep}</div>}
      {nearest.map((item) => (
        <Option key={`${item.kind} ${item.id}`} item={item} />
      ))}
      <Combobox.Option value="log">{t.shell.search.openLog}</Combobox.Option>
    </>
  );
};

/** Finds an object by any of the ids that a user can have. */
export const SearchBox = () => {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 250);
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { data, isFetching } = api.useQuery(
    'get',
    '/api/v1/search',
    { params: { query: { q } } },
    { enabled: q.length >= minCharacters, retry: false },
  );
  useHotkeys([['/', () => input.current?.focus()]]);
  const open = (value: string): void => {
    combobox.closeDropdown();
    setText('');
    input.current?.blur();
    const found = [...(data?.items ?? []), ...(data?.nearest ?? [])].find(({ kind, id }) => `${kind} ${id}` === value);
    void navigate(found ? placeOfFound(found) : { to: '/log', search: { state: 'refused' } });
  };
  return (
    <div className={styles.search} role="search">
      <Combobox store={combobox} onOptionSubmit={open}>
        <Combobox.Target>
          <TextInput
            ref={input}
            value={text}
            onChange={({ currentTarget }) => {
              setText(currentTarget.value);
              combobox.openDropdown();
              combobox.selectFirstOption();
            }}
            onFocus={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            aria-label={t.shell.search.label}
            placeholder={t.shell.search.placeholder}
            title={t.shell.search.hint}
            leftSection={<Icon name="search" size={16} />}
            rightSection={isFetching ? <Loader size={14} /> : null}
            autoComplete="off"
            spellCheck={false}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={text.trim() === ''}>
          <Combobox.Options aria-label={t.shell.search.results}>
            {q.length < minCharacters ? (
              <div className={styles.note}>{t.shell.search.tooShort}</div>
            ) : data ? (
              <Results q={q} found={data} />
            ) : (
              <div className={styles.note}>{t.shell.search.searching}</div>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </div>
  );
};
