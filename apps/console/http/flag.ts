import { z } from 'zod';

/** A switch in a query: `true` or `false`. The older `1` and `0` are understood too. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .transform((text) => text === 'true' || text === '1')
    .default(fallback)
    .meta({ enum: ['true', 'false'], default: String(fallback) });
