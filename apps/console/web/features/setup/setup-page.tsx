import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../app/session';
import { useView } from '../../lib/use-search';
import { t } from '../../texts/texts';
import { Card, Page } from '../../ui/page';
import { Empty } from '../../ui/states';
import { CampaignStep } from './campaign-step';
import { FirstCall } from './first-call';
import { Links } from './links';
import { LiveTest } from './live-test';
import { NetworkStep } from './network-step';
import { OfferStep } from './offer-step';
import { SourceStep } from './source-step';
import { Step, type StepState } from './step';

const texts = t.setup;
type View = { network?: string; source?: string; offer?: string; campaign?: string };
const order = ['network', 'source', 'offer', 'campaign'] as const;

/** A step is open when all before it are done and it is not. */
const stateOf = (view: View, name: (typeof order)[number]): StepState => {
  if (view[name] !== undefined) return 'done';
  return order.slice(0, order.indexOf(name)).every((before) => view[before] !== undefined) ? 'open' : 'later';
};

type StepsProps = { view: View; change: (part: View) => void; done: (part: View) => void; hasMoved: boolean };

const Steps = ({ view, change, done, hasMoved }: StepsProps) => {
  const { network = '', source = '', offer = '' } = view;
  const forms = {
    network: <NetworkStep onDone={(key) => done({ network: key })} />,
    source: <SourceStep onDone={(key) => done({ source: key })} />,
    offer: <OfferStep networkKey={network} onDone={(key) => done({ offer: key })} />,
    campaign: <CampaignStep sourceKey={source} offerKey={offer} onDone={(key) => done({ campaign: key })} />,
  };
  return order.map((name, at) => (
    <Step
      key={name}
      no={at + 1}
      title={texts[name].title}
      what={texts[name].what}
      state={stateOf(view, name)}
      isNext={hasMoved && stateOf(view, name) === 'open'}
      chosen={view[name]}
      onChange={() => change({ [name]: undefined })}
    >
      {forms[name]}
    </Step>
  ));
};

export const SetupPage = () => {
  const [view, change] = useView<View>();
  const mayEdit = useMay('editor');
  // A page that is opened leaves the focus where it is.
  const [hasMoved, setMoved] = useState(false);
  const done = (part: View): void => {
    setMoved(true);
    change(part, 'push');
  };
  const isReady = view.network !== undefined && view.campaign !== undefined;
  const restart = (): void => change({ network: undefined, source: undefined, offer: undefined, campaign: undefined });
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      narrow
      actions={
        view.network !== undefined && (
          <Button variant="default" onClick={restart}>
            {texts.again}
          </Button>
        )
      }
    >
      {mayEdit ? (
        <Steps view={view} change={(part) => change(part, 'push')} done={done} hasMoved={hasMoved} />
      ) : (
        <Card>
          <Empty title={t.states.noRights.title}>{texts.noRights}</Empty>
        </Card>
      )}
      {isReady && (
        <>
          <Links campaignKey={view.campaign ?? ''} networkKey={view.network ?? ''} isNext={hasMoved} />
          {mayEdit && <LiveTest campaignKey={view.campaign ?? ''} />}
          <FirstCall networkKey={view.network ?? ''} />
        </>
      )}
    </Page>
  );
};
