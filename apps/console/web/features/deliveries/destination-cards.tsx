import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { formatCount } from '../../lib/amount';
import { age } from '../../lib/time';
import { t } from '../../texts/texts';
import { Card } from '../../ui/page';
import { Loaded } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { useNow } from '../../ui/values';
import { healthOf, healthTones, useDestinations, type Destination } from './delivery';
import styles from './deliveries.module.css';

const texts = t.deliveries;

const DestinationCard = ({ of }: { of: Destination }) => {
  const now = useNow();
  const health = healthOf(of);
  return (
    <Link to={`/destinations/${of.destinationKey}`} className={styles.destination}>
      <span className={styles.name}>
        {of.destinationKey.replace(/^\w+:/, '')}
        <Tag tone={healthTones[health]}>{texts.destinationState[health]}</Tag>
      </span>
      <span className={styles.counts}>
        <span>{texts.waiting(formatCount(of.waiting))}</span>
        {of.parked > 0 && <span>{texts.parked(formatCount(of.parked))}</span>}
        {of.oldestAt && <span>{texts.oldest(age(of.oldestAt, now))}</span>}
      </span>
    </Link>
  );
};

const rank = { failing: 0, paused: 1, ok: 2 };

/** The worst first when they are shown; from then on each keeps its place, so that no card moves
 * away while one reads it. New ones come last. */
const useOrdered = (items: readonly Destination[]): Destination[] => {
  const places = useRef(new Map<string, number>());
  return useMemo(() => {
    const known = places.current;
    const placeOf = ({ destinationKey }: Destination): number => known.get(destinationKey) ?? known.size;
    const ordered = items.toSorted(
      (a, b) => placeOf(a) - placeOf(b) || rank[healthOf(a)] - rank[healthOf(b)] || b.waiting - a.waiting,
    );
    for (const { destinationKey } of ordered) if (!known.has(destinationKey)) known.set(destinationKey, known.size);
    return ordered;
  }, [items]);
};

const Cards = ({ items }: { items: readonly Destination[] }) => (
  <div className={styles.strip}>
    {useOrdered(items).map((each) => (
      <DestinationCard key={each.destinationKey} of={each} />
    ))}
  </div>
);

/** Every destination with its health and backlog. */
export const DestinationCards = () => {
  const query = useDestinations();
  return (
    <Card title={texts.destinations} note={texts.destinationsNote}>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? <p className={styles.strip}>{texts.noDestinations}</p> : <Cards items={items} />
        }
      </Loaded>
    </Card>
  );
};
