import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../texts/texts';
import { Findings } from '../../ui/findings';
import { Refused } from '../../ui/states';
import { useCreate } from './create';
import { NameAndKey, useNameAndKey } from './name-and-key';
import { UseExisting } from './step';
import styles from './setup.module.css';

const texts = t.setup;
const macro = '{click_id}';

/** The page that visitors are sent to, on the network of the first step. */
export const OfferStep = ({ networkKey, onDone }: { networkKey: string; onDone: (key: string) => void }) => {
  const names = useNameAndKey();
  const [url, setUrl] = useState('');
  const { create, problem, isBusy, errorOf } = useCreate('offers', onDone);
  const lacksMacro = url.length > 10 && !url.includes(macro);
  const withMacro = `${url}${url.includes('?') ? '&' : '?'}subid=${macro}`;
  return (
    <>
      <UseExisting kind="offers" onChoose={onDone} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void create({ key: names.key, name: names.name, networkKey, url });
        }}
      >
        <Refused error={problem} />
        <NameAndKey of={names} hint={texts.offer.nameHint} keyError={errorOf('key')} nameError={errorOf('name')} />
        <div>
          <Textarea
            label={texts.offer.url}
            description={texts.offer.urlHint}
            placeholder={texts.offer.urlExample}
            autosize
            required
            value={url}
            onChange={({ currentTarget }) => setUrl(currentTarget.value)}
            error={errorOf('url')}
            spellCheck={false}
          />
          {lacksMacro && (
            <>
              <Findings
                of={[
                  {
                    severity: 'warning',
                    where: 'url',
                    code: 'no_click_id',
                    text: '',
                    message: texts.offer.noMacro,
                    suggestion: null,
                  },
                ]}
              />
              <Button mt={6} size="compact-sm" variant="default" onClick={() => setUrl(withMacro)}>
                {texts.offer.addMacro}
              </Button>
            </>
          )}
        </div>
        <div>
          <Button type="submit" loading={isBusy}>
            {texts.create}
          </Button>
        </div>
      </form>
    </>
  );
};
