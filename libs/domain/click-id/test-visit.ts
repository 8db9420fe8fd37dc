import { timingSafeEqual } from 'node:crypto';
import { createMac } from './mac.js';

/** The proof of a test visit: console made it, for this campaign and about now. Reports leave out
 *  its click, so only console may mark a click as a test. */

const goodForMs = 60_000;
const macOf = (campaignKey: string, atMs: number, secret: string): string =>
  createMac(Buffer.from(`test visit ${secret}`))(`${campaignKey} ${atMs}`, 'hex').slice(0, 32);

export const signTestVisit = (campaignKey: string, atMs: number, secret: string): string =>
  `${atMs}.${macOf(campaignKey, atMs, secret)}`;

export const isTestVisit = (
  text: string | string[] | undefined,
  campaignKey: string,
  nowMs: number,
  secrets: readonly string[],
): boolean => {
  const [, time, mac] = typeof text === 'string' ? (/^(\d{13})\.([0-9a-f]{32})$/.exec(text) ?? []) : [];
  if (time === undefined || mac === undefined || Math.abs(nowMs - Number(time)) > goodForMs) return false;
  return secrets.some((secret) =>
    timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(campaignKey, Number(time), secret))),
  );
};
