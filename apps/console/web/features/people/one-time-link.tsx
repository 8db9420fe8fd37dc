import type { Answer } from '../../api/answers';
import { exactTime } from '../../lib/time';
import { t } from '../../texts/texts';
import { CopyLine } from '../../ui/values';

const texts = t.people;
export type OneTimeLink = NonNullable<Answer<'/api/v1/users', 'post'>['invitation']>;
export const roleChoices = Object.entries(texts.roles).map(([value, label]) => ({ value, label }));

/** A link that works once: shown once, to be sent by hand. */
export const LinkToSend = ({ link }: { link: OneTimeLink }) => (
  <div aria-live="polite">
    <p>
      <strong>{texts.linkTitle}</strong> {texts.linkText(exactTime(link.expiresAt))}
    </p>
    <CopyLine text={link.url} label={texts.linkTitle} />
  </div>
);
