import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { Card } from '../../ui/page';
import styles from './setup.module.css';

const texts = t.setup.real;
const shown = 50;

/** Turns green by itself when the network makes its first real call. Polled: it may take days. */
export const FirstCall = ({ networkKey }: { networkKey: string }) => {
  const { data } = api.useQuery(
    'get',
    '/api/v1/postbacks',
    { params: { query: { networkKey, channel: 'postback', test: 'false', limit: shown } } },
    { refetchInterval: 3_000 },
  );
  const real = data?.items ?? [];
  const arrived = real.length > 0;
  return (
    <Card>
      <div className={styles.real} aria-live="polite">
        <span className={styles.pulse} data-arrived={arrived} />
        <div>
          <strong>{arrived ? texts.arrived : texts.title}</strong>
          <p>{arrived ? texts.arrivedText(`${real.length}${real.length === shown ? '+' : ''}`) : texts.text}</p>
        </div>
        {arrived && (
          <Button component={Link} to="/log" search={{ networkKey } as never} variant="default" ml="auto">
            {texts.open}
          </Button>
        )}
      </div>
    </Card>
  );
};
