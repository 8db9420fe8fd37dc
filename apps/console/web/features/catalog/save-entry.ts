import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client';
import { problemOf, type Problem } from '../../api/problem';
import { t } from '../../texts/texts';
import type { Finding } from '../../ui/findings';
import type { CatalogKind } from './catalog-keys';

/** Checks and saves the settings of one entry. A version that someone else has changed meanwhile is
 * refused, not overwritten. */
export const useSaveEntry = (kind: CatalogKind, key: string, version: number) => {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [warnings, setWarnings] = useState<Finding[]>([]);
  const [isBusy, setBusy] = useState(false);
  const send = async (settings: Record<string, unknown>, dryRun: boolean): Promise<void> => {
    setBusy(true);
    try {
      const { data, error } = await client.PUT(`/api/v1/${kind}/{key}` as '/api/v1/networks/{key}', {
        params: { path: { key }, ...(dryRun && { query: { dryRun: 'true' } }) } as never,
        headers: { 'if-match': `"${version}"` },
        body: settings as never,
      });
      setProblem(error ? problemOf(error) : null);
      if (error) return;
      setWarnings((data as unknown as { warnings?: Finding[] }).warnings ?? []);
      notifications.show({ message: dryRun ? t.catalog.checked : t.catalog.saved, color: 'green' });
      if (!dryRun) await queries.invalidateQueries();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const errorOf = (path: string): string | undefined => problem?.errors?.find((each) => each.path === path)?.message;
  return { send, problem, warnings, isBusy, errorOf };
};
