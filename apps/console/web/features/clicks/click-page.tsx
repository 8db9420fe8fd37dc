import { Link, useParams } from '@tanstack/react-router';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { t, wordOf } from '../../texts/texts';
import { Card, Facts, Page } from '../../ui/page';
import { Loaded } from '../../ui/states';
import { StateTag } from '../../ui/tag';
import { Amount, Id, When } from '../../ui/values';
import styles from '../conversions/conversions.module.css';

type Click = Answer<'/api/v1/clicks/{id}'>;

const texts = t.clicks;
const link = (kind: string, key: string) => <Link to={`/catalog/${kind}/${key}`}>{key}</Link>;

const factsOf = (click: Click) =>
  [
    [texts.id, <Id key="i" id={click.clickId} />],
    [texts.at, <When key="w" at={click.clickedAt} />],
    [texts.campaign, link('campaigns', click.campaignKey)],
    [texts.source, link('sources', click.sourceKey)],
    [texts.offer, link('offers', click.offerKey)],
    [texts.network, link('networks', click.networkKey)],
    [texts.external, click.externalId && <Id key="e" id={click.externalId} />],
    [texts.externalRaw, click.externalIdRaw === click.externalId ? null : click.externalIdRaw],
    [texts.cost, click.cost?.amount && <Amount key="c" amount={click.cost.amount} currency={click.cost.currency} />],
    [texts.unique, click.unique ? texts.yes : texts.no],
    [texts.flags, click.flags.map((flag) => wordOf({}, flag)).join(', ')],
  ] as const;

const Became = ({ click }: { click: Click }) => (
  <>
    <Card title={texts.conversions}>
      {click.conversions.length === 0 ? (
        <p>{texts.noConversions}</p>
      ) : (
        click.conversions.map((conversion) => (
          <p key={conversion.id}>
            <Link to={`/conversions/${conversion.id}`}>{conversion.transactionId ?? conversion.id}</Link>{' '}
            <StateTag kind="conversion" state={conversion.state} />
          </p>
        ))
      )}
    </Card>
    <Card title={texts.calls}>
      {click.postbacks.length === 0 ? (
        <p>{texts.noCalls}</p>
      ) : (
        click.postbacks.map((call) => (
          <p key={call.id}>
            <Link to="/log" search={{ clickId: click.clickId, open: call.id } as never}>
              <When at={call.receivedAt} />
            </Link>{' '}
            <StateTag kind="postback" state={call.state} />
          </p>
        ))
      )}
    </Card>
  </>
);

/** One visit: how it came, what it cost, and what became of it. */
export const ClickPage = () => {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = api.useQuery('get', '/api/v1/clicks/{id}', { params: { path: { id } } });
  return (
    <Page title={texts.title} lead={id}>
      <Loaded query={query}>
        {(click) => {
          const { ip, userAgent, referer, language } = click.visitor;
          return (
            <div className={styles.columns}>
              <Card title={texts.facts}>
                <Facts of={factsOf(click)} />
              </Card>
              <div className={styles.beside}>
                <Became click={click} />
              </div>
              <Card title={texts.tokens}>
                {Object.keys(click.tokens).length === 0 ? (
                  <p>{texts.noTokens}</p>
                ) : (
                  <Facts of={Object.entries(click.tokens)} />
                )}
              </Card>
              <Card title={texts.visitor}>
                <Facts
                  of={[
                    [texts.ip, ip],
                    [texts.userAgent, userAgent],
                    [texts.referer, referer],
                    [texts.language, language],
                  ]}
                />
              </Card>
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
};
