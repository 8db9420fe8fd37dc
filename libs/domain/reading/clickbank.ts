import { createDecipheriv, createHash } from 'node:crypto';
import { addJson } from './call/json.js';
import { noParameters, type Parameter } from './call/parameter.js';
import { decodeText } from './call/text.js';

/** ClickBank's Instant Notification: JSON of two base64 texts, `notification` and `iv`. The first
 * is encrypted by AES-256-CBC; the key is the first 32 digits of the SHA-1 of the secret, in hex.
 * https://support.clickbank.com/en/articles/10535147-instant-notification-service-ins */

const blockBytes = 16;

const bytesOf = (parameters: readonly Parameter[], name: string): Buffer =>
  Buffer.from(parameters.find((parameter) => parameter.name === name)?.value ?? '', 'base64');

/** The JSON inside, as bytes. `missing`: the call has no notification. `wrong`: the secret does not
 * open it, or what is inside is no JSON object; one word for both, so that a caller learns
 * nothing. */
export const openNotification = (parameters: readonly Parameter[], secret: string): Buffer | 'missing' | 'wrong' => {
  const [sealed, iv] = [bytesOf(parameters, 'notification'), bytesOf(parameters, 'iv')];
  if (sealed.length === 0 || iv.length === 0) return 'missing';
  if (iv.length !== blockBytes || sealed.length % blockBytes !== 0) return 'wrong';
  const key = createHash('sha1').update(secret).digest('hex').slice(0, 32);
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  try {
    const opened = Buffer.concat([decipher.update(sealed), decipher.final()]);
    const text = decodeText(opened).text.trim();
    return text.startsWith('{') && addJson(noParameters(), text) ? opened : 'wrong';
  } catch {
    return 'wrong';
  }
};

/** What a notification says of the buyer beside the sale; it is not kept. */
export const buyerFields: readonly string[] = [
  'firstName',
  'lastName',
  'fullName',
  'email',
  'phoneNumber',
  'address1',
  'address2',
  'city',
  'county',
  'postalCode',
];

/** The header that marks a kept call whose body was opened before it was kept. */
export const openedHeader = 'carom-opened';
