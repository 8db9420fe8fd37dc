import { useEffect, useRef } from 'react';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { Card } from '../../ui/page';
import { Loaded } from '../../ui/states';
import { CopyLine } from '../../ui/values';
import styles from './setup.module.css';

const texts = t.setup.links;

const PostbackUrls = ({ of: { postbackUrl, morePostbackUrls = [] } }: { of: Answer<'/api/v1/networks/{key}'> }) => (
  <>
    <span className={styles.label}>{texts.postback}</span>
    <CopyLine text={postbackUrl} label={texts.postback} />
    <p className={styles.hint}>{texts.postbackNote}</p>
    {morePostbackUrls.map(({ when, url }) => (
      <div key={url}>
        <span className={styles.label}>{texts.more(when)}</span>
        <CopyLine text={url} label={when} />
      </div>
    ))}
  </>
);

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
  return (
    <Card
      title={
        <span ref={heading} tabIndex={-1}>
          {texts.title}
        </span>
      }
    >
      <Loaded query={campaign} rows={4}>
        {({ clickUrl }) => (
          <>
            <span className={styles.label}>{texts.click}</span>
            <CopyLine text={clickUrl} label={texts.click} />
            <Loaded query={network} rows={2}>
              {(paid) => <PostbackUrls of={paid} />}
            </Loaded>
          </>
        )}
      </Loaded>
    </Card>
  );
};
