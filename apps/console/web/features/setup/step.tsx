import { Button, Select } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { t } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { Card } from '../../ui/page';
import { LoadingRows } from '../../ui/states';
import { useLoadedKeys, type CatalogKind } from '../catalog/catalog-keys';
import styles from './setup.module.css';

const texts = t.setup;

export type StepState = 'done' | 'open' | 'later';
type Props = {
  no: number;
  title: string;
  what: string;
  state: StepState;
  chosen?: string | undefined;
  /** The step before was just completed: the keyboard goes on here. */
  isNext: boolean;
  onChange: () => void;
  children: ReactNode;
};

/** One step of the guide: closed with its result, open with its form, or still to come. */
export const Step = ({ no, title, what, state, chosen, isNext, onChange, children }: Props) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isNext) heading.current?.focus();
  }, [isNext]);
  return (
    <Card>
      <div className={styles.step} {...(state === 'open' && { 'aria-current': 'step' as const })}>
        <span className={styles.no} data-state={state}>
          {state === 'done' ? <Icon name="check" size={18} /> : no}
        </span>
        <div>
          <div className={styles.head}>
            <h2 ref={heading} tabIndex={-1}>
              {title}
            </h2>
            {state !== 'done' && <span className={styles.what}>{what}</span>}
            {state === 'done' && (
              <span className={styles.chosen}>
                {chosen}
                <Button variant="subtle" size="compact-sm" onClick={onChange} aria-label={`${texts.change}: ${title}`}>
                  {texts.change}
                </Button>
              </span>
            )}
          </div>
          {state === 'open' && children}
        </div>
      </div>
    </Card>
  );
};

/** One that is there already; nothing is shown where there is none. */
export const UseExisting = ({ kind, onChoose }: { kind: CatalogKind; onChoose: (key: string) => void }) => {
  const keys = useLoadedKeys(kind);
  if (!keys) return <LoadingRows rows={2} />;
  if (keys.length === 0) return null;
  return (
    <div className={styles.form}>
      <Select
        label={texts.useExisting}
        data={keys}
        value={null}
        onChange={(key) => key !== null && onChoose(key)}
        searchable
        maw={320}
      />
      <span className={styles.or}>{texts.orNew}</span>
    </div>
  );
};

/** What a user must know about a preset. */
export const PresetNotes = ({ quirks, verified }: { quirks: readonly string[]; verified: boolean }) => (
  <ul className={styles.notes} aria-label={texts.quirks}>
    {quirks.map((quirk) => (
      <li key={quirk}>{quirk}</li>
    ))}
    {!verified && <li>{texts.unverified}</li>}
  </ul>
);
