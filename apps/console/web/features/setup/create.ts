import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client';
import { problemOf, type Problem } from '../../api/problem';
import type { CatalogKind } from '../catalog/catalog-keys';

/** Adds an entry to the catalog. A rejection is shown above the form, and its field errors at
 * their inputs. */
export const useCreate = (kind: CatalogKind, created: (key: string) => void | Promise<void>) => {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const create = async (body: Record<string, unknown>): Promise<void> => {
    setBusy(true);
    try {
      const { data, error } = await client.POST(`/api/v1/${kind}` as '/api/v1/networks', { body: body as never });
      if (error) return setProblem(problemOf(error));
      setProblem(null);
      await queries.invalidateQueries({ queryKey: ['get', `/api/v1/${kind}`] });
      await created(data.key);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  /** The API's objection to one field. */
  const errorOf = (path: string): string | undefined => problem?.errors?.find((each) => each.path === path)?.message;
  return { create, problem, isBusy, errorOf };
};
