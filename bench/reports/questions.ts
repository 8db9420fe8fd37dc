/** What the console is asked, each with its bounds. The first two limits are those of the design;
 * the others follow from them: without a token as the report by campaign, with one as the
 * drill-down, and a list answers a page. */

export type Route =
  | 'reports'
  | 'overview'
  | 'postbacks'
  | 'postbacks/summary'
  | 'conversions'
  | 'deliveries'
  | 'clicks'
  | 'audit'
  | 'parked'
  | 'jobs'
  | 'rates'
  | 'sessions';

export type Question = {
  route: Route;
  query: string;
  limitMs: number;
  /** Rows of tables that may be looked at, and pages of 8 kB. Null: as many as the report is made
   * of. */
  maxRows: number | null;
  maxPages: number | null;
};

const unbounded = { maxRows: null, maxPages: null };

const asReport = (query: string, limitMs = 300): Question => ({
  ...{ route: 'reports', query, limitMs },
  ...unbounded,
});

/** With a page of 50, its joined rows, and what an index reads beside them: up to 3,800 conversions
 * of the data have the same last second of their day. */
const pageRows = 5_000;
/** Filters that no index serves: a list looks at 50,000 rows at most and says where it stopped. It
 * reads them twice, once for the end, and once what belongs to each. */
const lookRows = 160_000 + pageRows;
/** A row of an index is a page at worst; what is looked up beside a row takes four. */
const pagePages = 5_000;
const lookPages = 250_000;
const looks: Partial<Record<Route, readonly string[]>> = {
  postbacks: [
    'problem',
    'test',
    'text',
    'authenticatedBy',
    'statusWord',
    'remoteAddress',
    'channel',
    'refusal',
    'state=!',
    'campaignKey',
    'sourceKey',
    'offerKey',
  ],
  conversions: ['state', 'mark', 'counted', 'token', 'timeBy'],
  deliveries: [
    ...['state=delivered', 'state=superseded', 'cause', 'reason', 'status', 'minAttempts'],
    ...['campaignKey', 'sourceKey', 'offerKey', 'networkKey'],
  ],
  clicks: ['campaignKey', 'sourceKey', 'offerKey', 'networkKey', 'channel', 'flag', 'unique', 'token'],
  // Names are held against each line. Sessions that have ended are among the others.
  audit: ['actor=name'],
  sessions: ['of'],
};

/** Postgres reads a table of so few rows whole where it finds that quicker, for the end of the look
 * and for the page. */
const maxSmallRows = 50_000;

/** @param conversions rows of the smallest tables, by which lists are asked */
const asList = (route: Route, query: string, conversions: number): Question => {
  const smallRows = conversions > maxSmallRows ? 0 : 2 * conversions + 1_000;
  // The source's own click id alone has an index of a hash for each block of clicks, which costs
  // no room; it reads about one block in fifty.
  if (route === 'clicks' && query.startsWith('externalId')) return { route, query, limitMs: 1_000, ...unbounded };
  const filters = query.split('&').filter((part) => part !== '' && !/^(?:from|to|estimate|limit)=/.test(part));
  const isLook =
    filters.length > 1 ||
    filters.some((part) => part.includes('=!') || looks[route]?.some((name) => part.startsWith(name)));
  return isLook
    ? { route, query, limitMs: 1_000, maxRows: lookRows, maxPages: lookPages }
    : { route, query, limitMs: 300, maxRows: pageRows + smallRows, maxPages: pagePages + smallRows };
};

/** Ranges of the data that end with it, as query texts. */
type Ranges = { month: string; week: string; day: string };

const reportQuestions = ({ month, week, day }: Ranges): Question[] => [
  asReport(`groupBy=campaign&${month}`),
  asReport(`groupBy=token.zone&sort=-clicks&${month}`, 2_000),
  asReport(`groupBy=campaign&${week}`),
  asReport(`groupBy=campaign&currency=EUR&${month}`),
  asReport(`groupBy=campaign&compare=previous&${week}`, 600),
  asReport(`groupBy=source&${month}`),
  asReport(`groupBy=offer&${month}`),
  asReport(`groupBy=network&${month}`),
  asReport(`groupBy=event&${month}`),
  asReport(`groupBy=day&${month}`),
  asReport(`groupBy=day,campaign&${month}`, 600),
  asReport(`groupBy=campaign,offer,network&${month}`),
  asReport(`groupBy=hour&${day}`),
  asReport(`groupBy=day&timeZone=Asia/Kolkata&${week}`, 600),
  asReport(`groupBy=day&timeZone=America/New_York&${month}`, 2_000),
  asReport(`groupBy=day&campaignKey=c000&timeZone=Asia/Kolkata&${month}`),
  asReport(`groupBy=offer&campaignKey=c000&${month}`),
  asReport(`groupBy=token.zone&campaignKey=c000&sort=-clicks&${month}`, 2_000),
  asReport(`groupBy=token.zone&campaignKey=c150&${month}`, 600),
  asReport(`groupBy=token.creative&${month}`, 2_000),
  asReport(`groupBy=campaign&token=zone:z77&${month}`, 600),
  asReport(`groupBy=token.zone,token.creative&campaignKey=c150&${week}`, 2_000),
  asReport(`groupBy=campaign&details=true&${day}`, 2_000),
  asReport(`groupBy=event&campaignKey=c150&details=true&${month}`, 2_000),
  asReport(`groupBy=campaign&asOf=2099-01-01T00:00:00Z&campaignKey=c150&${day}`, 2_000),
  asReport(`groupBy=campaign&timeBy=clicked&campaignKey=c150&${day}`, 2_000),
];

const presentQuestions = ({ month, week, day }: Ranges): Question[] => [
  { route: 'overview', query: `bucket=day&${month}`, limitMs: 300, ...unbounded },
  { route: 'overview', query: `bucket=hour&${week}`, limitMs: 300, ...unbounded },
  { route: 'overview', query: `bucket=minute&${day}`, limitMs: 300, ...unbounded },
  { route: 'postbacks/summary', query: `groupBy=networkKey,state,refusal&${day}`, limitMs: 300, ...unbounded },
];

const postbacksQueries = ({ week }: Ranges): string[] => [
  '',
  'networkKey=n3',
  'networkKey=never,neither',
  'networkKey=!n0,!n1,!n2,!n3,!n4,!n5,!n6,!n7,!n8,!n9,!n10,!n11',
  'networkKey=n3&state=parked',
  'networkKey=n3&statusWord=never',
  'state=refused',
  'state=parked',
  'state=!applied',
  'state=orphan',
  'refusal=status_unmapped',
  'statusWord=gezahlt',
  'statusWord=never',
  'problem=status_unmapped',
  'problem=never',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'offerKey=never',
  'externalId=never',
  'transactionId=never',
  'clickId=never',
  'remoteAddress=192.0.2.1',
  'authenticatedBy=operator',
  'channel=replay',
  'uploadId=00000000-0000-4000-8000-000000000000',
  'test=true',
  'text=never',
  `${week}`,
  'estimate=true',
];

const conversionsQueries = ({ week, day }: Ranges): string[] => [
  '',
  'networkKey=n3',
  'networkKey=never',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'offerKey=o7',
  'event=deposit',
  'event=never',
  'event=',
  'state=reversed',
  'mark=over_cap',
  'mark=late',
  'counted=true',
  'token=zone:z77',
  'token=zone:never',
  'transactionId=never',
  'clickId=never',
  'externalId=never',
  `timeBy=clicked&${day}`,
  `timeBy=occurred&${day}`,
  `${week}&campaignKey=c000&event=deposit`,
  'campaignKey=never,neither',
  'campaignKey=c000,c199',
  'campaignKey=c000&event=never',
  'event=!,!deposit,!signup',
  'estimate=true',
];

const deliveriesQueries = ({ week }: Ranges): string[] => [
  '',
  'state=delivered',
  'state=waiting',
  'state=parked',
  'state=superseded',
  'destinationKey=source:s3',
  'destinationKey=never',
  'destinationKey=never,neither',
  'destinationKey=source:s3&state=waiting',
  'destinationKey=source:s3&reason=never',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'networkKey=never',
  'offerKey=never',
  'clickId=never',
  'transactionId=never',
  'externalId=never',
  'status=404',
  'status=503',
  'cause=reversed',
  'reason=http_404',
  'reason=never',
  'minAttempts=5',
  `${week}`,
  'estimate=true',
];

const clicksQueries = ({ week }: Ranges): string[] => [
  '',
  'campaignKey=c000',
  'campaignKey=c199',
  'campaignKey=never',
  'sourceKey=s4',
  'offerKey=never',
  'networkKey=never',
  'externalId=ext-77',
  'externalId=never',
  'channel=import',
  'flag=prefetch',
  'unique=false',
  'token=zone:z77',
  'token=zone:never',
  `${week}&campaignKey=c199`,
  'estimate=true',
];

/** Of the console's own tables no row has the value `never`, and all have the others. */
const auditQueries = ({ week }: Ranges): string[] => [
  '',
  ...['kind=never', 'key=never', 'action=never', 'actor=name-never', 'action=never,neither'],
  ...['actor=00000000-0000-4000-8000-000000000000', 'actor=name-1', 'action=updated', `action=updated&${week}`],
  ...['action=!created,!updated', 'kind=network&action=never', 'to=2001-01-01', 'from=2099-01-01'],
];
const parkedQueries = ({ week }: Ranges): string[] => [
  '',
  ...['reason=never', 'topic=never', 'consumer=never', 'resolved=false', 'reason=never,neither'],
  ...['reason=schema', `reason=schema&${week}`, 'reason=!schema,!handler', 'topic=never&reason=schema'],
  ...['to=2001-01-01', 'from=2099-01-01'],
];
const jobsQueries: readonly string[] = [
  '',
  ...['kind=never', 'kind=never,neither', 'state=cancelled', 'kind=postbacks.replay', 'kind=!postbacks.replay,!export'],
  'kind=export&state=cancelled',
];
const ratesQueries: readonly string[] = [
  '',
  ...['origin=never', 'currency=AAB', 'origin=never,neither', 'origin=ecb', 'origin=!ecb,!typed'],
  ...['currency=AAA&origin=never', 'to=1900-01-01', 'from=2099-01-01'],
];
const sessionsQueries: readonly string[] = ['of=me', 'of=all'];

export const questionsOf = (ranges: Ranges, conversions: number): Question[] => {
  const asLists = (route: Route, queries: readonly string[]) =>
    queries.map((query) => asList(route, query, conversions));
  return [
    ...reportQuestions(ranges),
    ...presentQuestions(ranges),
    ...asLists('postbacks', postbacksQueries(ranges)),
    ...asLists('conversions', conversionsQueries(ranges)),
    ...asLists('deliveries', deliveriesQueries(ranges)),
    ...asLists('clicks', clicksQueries(ranges)),
    ...asLists('audit', auditQueries(ranges)),
    ...asLists('parked', parkedQueries(ranges)),
    ...asLists('jobs', jobsQueries),
    ...asLists('rates', ratesQueries),
    ...asLists('sessions', sessionsQueries),
  ];
};
