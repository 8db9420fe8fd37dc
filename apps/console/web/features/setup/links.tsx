import { useEffect, useRef } from 'react';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { Card } from '../../ui/page';
import { CopyLine } from '../../ui/values';
import styles from './setup.module.css';

const texts = t.setup.links;

/** The results of the setup: the link for the ads, and the URL for the network. */
export const Links = ({
  campaignKey,
  networkKey,
  isNext,
}: {
  campaignKey: string;
  networkKey: string;
  /** The last step was just completed: the keyboard goes on here. */
  isNext: boolean;
}) => {
  const heading = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (isNext) heading.current?.focus();
  }, [isNext]);
  const campaign = api.useQuery('get', '/api/v1/campaigns/{key}', { params: { path: { key: campaignKey } } });
  const network = api.useQuery('get', '/api/v1/networks/{key}', { params: { path: { key: networkKey } } });
  const clickUrl = campaign.data?.clickUrl;
  const { postbackUrl, morePostbackUrls = [] } = network.data ?? {};
  return (
    <Card
      title={
        <span ref={heading} tabIndex={-1}>
          {texts.title}
        </span>
      }
    >
      <span className={styles.label}>{texts.click}</span>
      <CopyLine text={clickUrl ?? ' '} label={texts.click} />
      <span className={styles.label}>{texts.postback}</span>
      <CopyLine text={postbackUrl ?? ' '} label={texts.postback} />
      <p className={styles.hint}>{texts.postbackNote}</p>
      {morePostbackUrls.map(({ when, url }) => (
        <div key={url}>
          <span className={styles.label}>{texts.more(when)}</span>
          <CopyLine text={url} label={when} />
        </div>
      ))}
    </Card>
  );
};
