import { Button, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../app/session';
import { duration } from '../../lib/time';
import { t, wordOf } from '../../texts/texts';
import { Facts } from '../../ui/page';
import { Loaded } from '../../ui/states';
import { StateTag } from '../../ui/tag';
import { Id, When } from '../../ui/values';
import { CallAsItCame, HeadersOf } from './call-as-it-came';
import { MapWord } from './map-word';
import { Reading } from './reading';
import { ReplayCall } from './replay-call';
import { usePostback, type Postback } from './postbacks';
import styles from './log.module.css';

const texts = t.log.drawer;

const Verdict = ({ call }: { call: Postback }) => (
  <div className={styles.verdict}>
    <StateTag kind="postback" state={call.state} />
    <p>{call.explanation?.sentence ?? t.words.postbackMeaning[call.state]}</p>
    {call.explanation && (
      <p>
        <strong>{texts.todo}:</strong> {call.explanation.remedy}
      </p>
    )}
    {call.test && <p>{texts.test}</p>}
    {call.replays.length > 0 && <p>{texts.replays(call.replays.length)}</p>}
  </div>
);

const Actions = ({ call }: { call: Postback }) => {
  const mayEdit = useMay('editor');
  const word = call.read.status?.raw;
  const isUnmapped = call.refusal === 'status_unmapped' || call.problems.some(({ code }) => code === 'status_unmapped');
  return (
    <>
      {call.conversionId && (
        <div className={styles.actions}>
          <Button component={Link} to={`/conversions/${call.conversionId}`} variant="default">
            {texts.conversion}
          </Button>
        </div>
      )}
      {mayEdit && isUnmapped && word && call.networkKey && <MapWord word={word} networkKey={call.networkKey} />}
      {mayEdit && <ReplayCall call={call} />}
    </>
  );
};

const factsOf = (call: Postback) =>
  [
    [texts.received, <When key="r" at={call.receivedAt} />],
    [texts.decided, texts.after(duration(Date.parse(call.decidedAt) - Date.parse(call.receivedAt)))],
    [
      texts.network,
      call.networkKey && (
        <Link key="n" to={`/catalog/networks/${call.networkKey}`}>
          {call.networkKey}
        </Link>
      ),
    ],
    [texts.proof, wordOf(t.log.proof, call.authenticatedBy)],
    [texts.caller, call.raw.remoteAddress],
    [texts.channel, wordOf(t.words.channel, call.channel)],
    [texts.id, <Id key="i" id={call.id} />],
  ] as const;

/** One inbound call: what became of it, what to do, the call as it came, and how each field was
 * read. */
const Call = ({ call }: { call: Postback }) => (
  <>
    <Verdict call={call} />
    <Actions call={call} />
    <section className={styles.section}>
      <h3>{texts.request}</h3>
      <CallAsItCame call={call} />
    </section>
    <section className={styles.section}>
      <h3>{texts.reading}</h3>
      <Reading call={call} />
    </section>
    <section className={styles.section}>
      <h3>{texts.facts}</h3>
      <Facts of={factsOf(call)} />
    </section>
    <HeadersOf call={call} />
  </>
);

export const PostbackDrawer = ({ id, onClose }: { id: string | undefined; onClose: () => void }) => {
  const query = usePostback(id);
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={texts.title}
      closeButtonProps={{ 'aria-label': t.states.close }}
    >
      {id !== undefined && <Loaded query={query}>{(call) => <Call call={call} />}</Loaded>}
    </Drawer>
  );
};
