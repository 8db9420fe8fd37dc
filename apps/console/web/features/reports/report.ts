import { keepPreviousData } from '@tanstack/react-query';
import { api } from '../../api/client';

export type Figures = {
  currency: string;
  clicks: number;
  uniqueClicks: number;
  conversions: { pending: number; approved: number; rejected: number; reversed: number };
  moneyUnknown: number;
  money: { pending: string; approved: string; rejected: string; reversed: string };
  revenue: string;
  cost: string;
  profit: string;
  cr: string | null;
  epc: string | null;
  roi: string | null;
  approvalRate: string | null;
  averagePayout: string | null;
};
export type Line = Figures & {
  key: (string | null)[];
  conversionsAt: Record<string, string>;
  previous: Figures | null;
};
export type Report = {
  groupBy: string[];
  items: Line[];
  totals: Figures[];
  rest: { lines: number; figures: Figures[] } | null;
  next: string | null;
  behindSeconds: number | null;
};

/** Old lines stay on screen while others load, and a request whose answer is no longer needed is
 * cancelled. */
export const useReport = (query: Record<string, string>) =>
  api.useQuery(
    'get',
    '/api/v1/reports',
    { params: { query: query as never } },
    { placeholderData: keepPreviousData },
  ) as unknown as {
    data: Report | undefined;
    error: unknown;
    isPending: boolean;
    isPlaceholderData: boolean;
    refetch: () => unknown;
  };
