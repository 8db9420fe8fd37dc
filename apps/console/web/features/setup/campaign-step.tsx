import { Button } from '@mantine/core';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import { useCreate } from './create';
import { NameAndKey, useNameAndKey } from './name-and-key';
import { UseExisting } from './step';
import styles from './setup.module.css';

const texts = t.setup;

type Props = { sourceKey: string; offerKey: string; onDone: (key: string) => void };

/** Joins source and offer; owns the click link. */
export const CampaignStep = ({ sourceKey, offerKey, onDone }: Props) => {
  const names = useNameAndKey();
  const { create, problem, isBusy, errorOf } = useCreate('campaigns', onDone);
  return (
    <>
      <UseExisting kind="campaigns" onChoose={onDone} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void create({ key: names.key, name: names.name, sourceKey, offers: [{ offerKey }] });
        }}
      >
        <Refused error={problem} />
        <NameAndKey of={names} hint={texts.campaign.nameHint} keyError={errorOf('key')} nameError={errorOf('name')} />
        <div>
          <Button type="submit" loading={isBusy}>
            {texts.create}
          </Button>
        </div>
      </form>
    </>
  );
};
