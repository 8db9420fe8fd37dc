import { Link } from '@tanstack/react-router';
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

/** Every destination with its health and backlog, the worst first. */
export const DestinationCards = () => {
  const query = useDestinations();
  const rank = { failing: 0, paused: 1, ok: 2 };
  return (
    <Card title={texts.destinations} note={texts.destinationsNote}>
      <Loaded query={query} rows={2}>
        {({ items }) => {
          const sorted = [...items].sort((a, b) => rank[healthOf(a)] - rank[healthOf(b)] || b.waiting - a.waiting);
          if (sorted.length === 0) return <p>{texts.noDestinations}</p>;
          return (
            <div className={styles.grid}>
              {sorted.map((each) => (
                <DestinationCard key={each.destinationKey} of={each} />
              ))}
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
};
