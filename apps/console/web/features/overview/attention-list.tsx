import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../../lib/amount';
import type { AttentionItem } from '../../lib/attention';
import type { Search } from '../../lib/search-params';
import { age, duration } from '../../lib/time';
import { t, wordOf } from '../../texts/texts';
import { Icon, type IconName } from '../../ui/icon';
import { useNow } from '../../ui/values';
import styles from './overview.module.css';

const texts = t.overview.attention;

const isBad = new Set<AttentionItem['kind']>(['missed', 'failing', 'behind', 'unmapped', 'macro']);
const toneOf = (kind: AttentionItem['kind']): string => {
  if (isBad.has(kind)) return styles.bad ?? '';
  return (kind === 'parked' || kind === 'parkedDeliveries' ? styles.odd : styles.wait) ?? '';
};
const iconOf = (kind: AttentionItem['kind']): IconName =>
  kind === 'orphans' || kind === 'paused' ? 'wait' : 'warning';

const calls = (count: number): string => texts.calls(count, formatCount(count));
const owed = (count: number): string => texts.deliveries(count, formatCount(count));
const short = (key: string): string => key.replace(/^\w+:/, '');

const textOf = (item: AttentionItem, nowMs: number): string => {
  const network = 'networkKey' in item ? (item.networkKey ?? texts.anyNetwork) : '';
  switch (item.kind) {
    case 'missed':
      return texts.missed(
        texts.records(item.records ?? 0, item.records === null ? '?' : formatCount(item.records)),
        item.topic,
      );
    case 'behind':
      return texts.behind(duration(item.seconds * 1_000));
    case 'failing':
    case 'paused':
      return texts[item.kind](short(item.destinationKey), owed(item.count));
    case 'parkedDeliveries':
      return texts.parkedDeliveries(short(item.destinationKey), owed(item.count));
    case 'unmapped':
      return texts.unmapped(network, item.word, calls(item.count));
    case 'macro':
      return texts.macro(network, calls(item.count));
    case 'proof':
      return texts.proof(network, calls(item.count));
    case 'refused':
      return texts.refused(network, wordOf(t.refusals, item.refusal), calls(item.count));
    case 'moneyUnknown':
      return texts.moneyUnknown(network, calls(item.count));
    case 'orphans':
      return texts.orphans(calls(item.count), item.oldestAt ? age(item.oldestAt, nowMs) : '–');
    case 'parked':
      return texts.parked(texts.records(item.count, formatCount(item.count)));
  }
};

type Way = { to: string; search?: Search; label: string };

const networkOf = (key: string | null): Search => (key === null ? {} : { networkKey: key });

/** Where the item is settled. */
const wayOf = (item: AttentionItem, range: string): Way | null => {
  switch (item.kind) {
    case 'missed':
      return item.topic === 'carom.postbacks.v1' ? { to: '/uploads', label: texts.settle.upload } : null;
    case 'behind':
      return null;
    case 'failing':
    case 'paused':
      return { to: `/destinations/${item.destinationKey}`, label: texts.settle.destination };
    case 'parkedDeliveries':
      return {
        to: '/deliveries',
        search: { destinationKey: item.destinationKey, state: 'parked' },
        label: texts.settle.deliveries,
      };
    case 'unmapped':
      return {
        to: '/log',
        search: {
          ...networkOf(item.networkKey),
          refusal: 'status_unmapped',
          statusWord: item.word,
          range,
          open: item.sampleId,
        },
        label: texts.settle.map,
      };
    case 'macro':
    case 'proof':
    case 'refused':
      return {
        to: '/log',
        search: { ...networkOf(item.networkKey), refusal: item.refusal, range, open: item.sampleId },
        label: texts.settle.log,
      };
    case 'moneyUnknown':
      return {
        to: '/log',
        search: { ...networkOf(item.networkKey), problem: item.problem, range, open: item.sampleId },
        label: texts.settle.log,
      };
    case 'orphans':
      return { to: '/log', search: { state: 'orphan' }, label: texts.settle.log };
    case 'parked':
      return { to: '/jobs', label: texts.settle.jobs };
  }
};

const maxShown = 12;

export const AttentionList = ({ items, range }: { items: readonly AttentionItem[]; range: string }) => {
  const now = useNow();
  if (items.length === 0)
    return (
      <p className={styles.well}>
        <Icon name="check" /> {texts.none}
      </p>
    );
  return (
    <ul className={styles.attention}>
      {items.slice(0, maxShown).map((item, at) => {
        const way = wayOf(item, range);
        return (
          <li key={at} className={styles.item}>
            <span className={toneOf(item.kind)}>
              <Icon name={iconOf(item.kind)} />
            </span>
            <p>{textOf(item, now)}</p>
            {way && (
              <Button component={Link} to={way.to} search={(way.search ?? {}) as never} variant="default" size="xs">
                {way.label}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
};
