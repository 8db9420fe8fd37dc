import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { t } from '../../texts/texts';

const ViewsDialog = lazy(() => import('./views-dialog').then(({ ViewsDialog: component }) => ({ default: component })));

/** Opens the saved views of a page; loaded when it is asked for. */
export const SavedViews = ({ page }: { page: string }) => {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        {t.views.open}
      </Button>
      {opened && (
        <Suspense fallback={null}>
          <ViewsDialog page={page} close={close} />
        </Suspense>
      )}
    </>
  );
};
