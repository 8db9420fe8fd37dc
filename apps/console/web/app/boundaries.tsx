import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { t } from '../texts/texts';
import { Page } from '../ui/page';
import { Empty, Failed, LoadingRows } from '../ui/states';

export const NotFound = () => (
  <Page title={t.states.notFound.title} alone>
    <Empty
      title={t.states.notFound.text}
      actions={
        <Button component={Link} to="/" variant="default">
          {t.states.notFound.back}
        </Button>
      }
    />
  </Page>
);

/** Shows an error of the page itself with a way out, instead of a blank screen. */
export const RouteError = ({ error }: { error: unknown }) => {
  const router = useRouter();
  return <Failed error={error} retry={() => void router.invalidate()} />;
};

export const RoutePending = () => <LoadingRows rows={6} />;
