import { Button, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { t, wordOf } from '../../texts/texts';
import { Facts } from '../../ui/page';
import { Loaded } from '../../ui/states';
import { StateTag } from '../../ui/tag';
import { Id, When } from '../../ui/values';
import styles from '../log/log.module.css';
import { Attempts } from './attempts';
import type { Delivery } from './delivery';
import { SendOne } from './send-one';

const texts = t.deliveries.drawer;

const Details = ({ delivery }: { delivery: Delivery }) => (
  <>
    <div className={styles.verdict}>
      <StateTag kind="delivery" state={delivery.state} />
      {delivery.reason && <p>{wordOf(t.words.reason, delivery.reason)}</p>}
    </div>
    <div className={styles.actions}>
      <SendOne delivery={delivery} />
      <Button component={Link} to={`/conversions/${delivery.conversionId}`} variant="default">
        {texts.conversion}
      </Button>
      <Button component={Link} to={`/destinations/${delivery.destinationKey}`} variant="default">
        {texts.destination}
      </Button>
    </div>
    <section className={styles.section}>
      <Facts
        of={[
          [texts.cause, wordOf(t.words.conversion, delivery.cause)],
          [texts.created, <When key="c" at={delivery.createdAt} />],
          [texts.next, delivery.state === 'waiting' ? <When key="n" at={delivery.dueAt} /> : null],
          [texts.finished, delivery.finishedAt && <When key="f" at={delivery.finishedAt} />],
          [texts.replays, delivery.replays > 0 ? String(delivery.replays) : null],
          [texts.id, <Id key="i" id={delivery.id} />],
        ]}
      />
    </section>
    <section className={styles.section}>
      <h3>{texts.attempts}</h3>
      {delivery.attempts.length > 0 ? (
        <Attempts of={delivery.attempts} />
      ) : (
        <p className={styles.dim}>{delivery.finishedAt ? texts.noAttempts : texts.noAttemptYet}</p>
      )}
    </section>
  </>
);

export const DeliveryDrawer = ({ id, onClose }: { id: string | undefined; onClose: () => void }) => {
  const query = api.useQuery(
    'get',
    '/api/v1/deliveries/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== undefined },
  );
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={texts.title}
      closeButtonProps={{ 'aria-label': t.states.close }}
    >
      {id !== undefined && <Loaded query={query}>{(delivery) => <Details delivery={delivery} />}</Loaded>}
    </Drawer>
  );
};
